"""Readers of a Streamlit page without a browser: they speak its protocol and time each run. No benchmark by itself."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent
START_SECONDS = 60
RUN_SECONDS = 120
THINK_SECONDS = 3.0
"""How long one of several readers looks at the page before the next click."""

LARGEST_MESSAGE = 64 * 2**20


@dataclass
class Runs:
    """What one reader saw: seconds and Plotly bytes of each run."""

    seconds: list[float] = field(default_factory=list)
    chart_bytes: list[int] = field(default_factory=list)


@contextmanager
def serving(script: Path, store: Path | None = None) -> Iterator[tuple[int, int]]:
    """Port and process id of `streamlit run script`; one from elsewhere runs without our settings."""
    port = free_port()
    options = ["--server.port", str(port), "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **({"LIANWATCH_STORE": str(store)} if store else {})}
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options]
    folder = ROOT if script.is_relative_to(ROOT) else script.parent
    silent = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=folder, env=environment, stderr=silent, stdout=silent)
    try:
        wait(f"http://127.0.0.1:{port}/_stcore/health", server)
        yield port, server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def visit(port: int, queries: list[str], readers: int = 1) -> list[Runs]:
    """Let readers open the page and then turn to each query string, one after the other."""

    think = THINK_SECONDS if readers > 1 else 0.0

    async def all_of_them() -> list[Runs]:
        numbers = range(readers)
        return await asyncio.gather(*(_reader(port, queries, think * n / readers, think, n) for n in numbers))

    return asyncio.run(all_of_them())


def cpu_seconds(pid: int) -> float:
    """CPU that a process has used so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    """Resident memory of a process now (Linux)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


async def _reader(port: int, queries: list[str], delay: float, think: float, number: int) -> Runs:
    import websockets

    await asyncio.sleep(delay)
    runs = Runs()
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    async with websockets.connect(
        address,
        subprotocols=["streamlit"],
        max_size=LARGEST_MESSAGE,
        open_timeout=RUN_SECONDS,
        ping_interval=None,  # a browser sends no pings
        origin=f"http://127.0.0.1:{port}",
        # Each reader has an address of its own, as a proxy that tells them apart expects.
        local_addr=(f"127.0.1.{1 + number}", 0),
    ) as line:
        for query in queries:
            seconds, size = await asyncio.wait_for(_run(line, query), RUN_SECONDS)
            runs.seconds.append(seconds)
            runs.chart_bytes.append(size)
            await asyncio.sleep(think)
    return runs


async def _run(line, query: str) -> tuple[float, int]:
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    request = BackMsg()
    request.rerun_script.query_string = query
    begun, size = time.perf_counter(), 0
    await line.send(request.SerializeToString())
    while True:
        message = ForwardMsg()
        message.ParseFromString(await line.recv())
        if message.delta.new_element.HasField("plotly_chart"):
            size += message.ByteSize()
        if message.HasField("script_finished"):
            return time.perf_counter() - begun, size


def wait(url: str, server: subprocess.Popen) -> None:
    """Return once `url` answers. Raises RuntimeError where it does not, or `server` has ended."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(URLError, ConnectionError), urlopen(url):
            return
        time.sleep(0.1)
    raise RuntimeError("the page did not start")
