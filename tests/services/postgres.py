"""A PostgreSQL server on loopback with an empty database a test, as Debian installs it; it ends with the tests."""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

START_SECONDS = 60
NOT_DURABLE = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


def programs() -> Path:
    """The folder of `initdb` and `postgres`; skips where there is none, fails with LIANWATCH_REQUIRE_POSTGRES=1."""
    known = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if found := [folder for folder in known if (folder / "initdb").exists()]:
        return found[-1]
    if os.environ.get("LIANWATCH_REQUIRE_POSTGRES") == "1":
        pytest.fail("no PostgreSQL server is installed")
    pytest.skip("no PostgreSQL server is installed")


@contextmanager
def running() -> Iterator["Server"]:
    """A server in a folder of its own. It refuses to run as root, so there it runs as Debian's user `postgres`."""
    pytest.importorskip("psycopg")
    bin_, user = programs(), "postgres" if os.geteuid() == 0 else getpass.getuser()
    folder = Path(tempfile.mkdtemp(prefix="lianwatch-postgres-"))
    how = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if os.geteuid() == 0:
        shutil.chown(folder, user, user)
        how |= {"user": user, "group": user, "extra_groups": []}
    data = ["-D", folder / "data"]
    initdb = [bin_ / "initdb", *data, "--username", user, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    subprocess.run(initdb, check=True, **how)
    port = str(_free_port())
    process = subprocess.Popen(
        [bin_ / "postgres", *data, "-h", "127.0.0.1", "-p", port, "-k", folder, *NOT_DURABLE], **how
    )
    try:
        server = Server(f"postgresql://{user}@127.0.0.1:{port}")
        server.wait()
        yield server
    finally:
        process.send_signal(signal.SIGINT)  # end without waiting for those who are connected
        process.wait(START_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """`database()` is the URL of a new, empty database."""

    def __init__(self, base: str) -> None:
        self.base = base

    def wait(self) -> None:
        import psycopg

        for _ in range(START_SECONDS * 10):
            try:
                return psycopg.connect(f"{self.base}/postgres").close()
            except psycopg.OperationalError:
                time.sleep(0.1)
        raise TimeoutError("PostgreSQL did not start")

    def database(self) -> str:
        import psycopg

        name = f"lianwatch_{uuid.uuid4().hex[:8]}"
        with psycopg.connect(f"{self.base}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"{self.base}/{name}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
