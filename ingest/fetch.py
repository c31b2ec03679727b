"""The only network of Lianwatch: requests go out, results come back as they arrive, errors are values.

What a result means for the feed is decided in `schedule`; nothing here reads a document.
"""

import asyncio
import contextlib
import hashlib
import os
import queue
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ingest import addresses, freshness, robots, urls
from ingest.decoding import ACCEPTED, check_size, decode
from ingest.errors import ConfigError, FetchError
from ingest.model import FetchRequest, FetchResult
from ingest.robots import Robots
from ingest.transport import Client, Hops, explained
from ingest.turns import Reach, Turns

USER_AGENT = "Lianwatch/0.1 (news feed reader)"
DEFAULT_TOTAL_SECONDS = 30.0
MAX_BYTES = 12 * 1024 * 1024
"""Largest document taken, as sent and unpacked; real feeds end near 3 MB."""
GATHER_SECONDS = 0.5
"""Results are handed over together: storing forty of them takes little longer than storing one."""
MAX_REDIRECTS = 8
PERMANENT_REDIRECTS = {301, 308}
STATUS_OF_CODE = {304: "not_modified", 410: "gone", 429: "rate_limited"}
STATUS_OF_CLASS = {3: "redirect_loop", 4: "not_found", 5: "server_error"}
ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Settings:
    """How to fetch. `total_seconds` bounds one feed, from name lookup to last byte. Without `robots` no robots.txt is
    asked for."""

    total_seconds: float = DEFAULT_TOTAL_SECONDS
    allow_private: bool = False
    max_bytes: int = MAX_BYTES
    resolve: Callable[[str, int], Awaitable[list[str]]] = addresses.resolve
    robots: Robots | None = None

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read LIANWATCH_FETCH_TIMEOUT and LIANWATCH_ALLOW_PRIVATE_HOSTS. Raises ConfigError."""
        text = os.environ.get("LIANWATCH_FETCH_TIMEOUT") or str(DEFAULT_TOTAL_SECONDS)
        try:
            total = float(text)
        except ValueError:
            total = 0
        if not 0 < total < float("inf"):
            raise ConfigError(f"LIANWATCH_FETCH_TIMEOUT: '{text}' is not a number of seconds above 0")
        return cls(total, os.environ.get("LIANWATCH_ALLOW_PRIVATE_HOSTS") == "1")


def fetch_all(
    requests: Sequence[FetchRequest], settings: Settings, stop: threading.Event | None = None
) -> Iterator[list[FetchResult]]:
    """Fetch all at once, politely; yield what has arrived since the last time, soon after anything has.

    No request waits for another's answer. `stop`, or closing the iterator, cancels what is still under way.
    """
    arrived: queue.SimpleQueue[FetchResult | Exception | None] = queue.SimpleQueue()
    closed = threading.Event()
    ends = [event for event in (closed, stop) if event]
    worker = threading.Thread(target=_work, args=(requests, settings, arrived.put, ends), daemon=True, name="fetch")
    worker.start()
    try:
        running = True
        while running:
            batch = _gathered(arrived)
            running = isinstance(batch[-1], FetchResult)
            if results := [item for item in batch if isinstance(item, FetchResult)]:
                yield results
        if batch[-1] is not None:
            raise batch[-1]
    finally:
        closed.set()
        worker.join()


def _gathered(arrived: queue.SimpleQueue) -> list:
    """What arrives within GATHER_SECONDS of the next thing that does."""
    batch, until = [arrived.get()], time.monotonic() + GATHER_SECONDS
    with contextlib.suppress(queue.Empty):
        while isinstance(batch[-1], FetchResult):
            batch.append(arrived.get(timeout=max(0.0, until - time.monotonic())))
    return batch


def _work(requests: Sequence[FetchRequest], settings: Settings, put: Callable, ends: list[threading.Event]) -> None:
    try:
        asyncio.run(_fetch_all(requests, settings, put, ends))
        put(None)
    except Exception as error:  # raised again where the results are read
        put(error)


async def _fetch_all(requests, settings: Settings, put: Callable, ends: list[threading.Event]) -> None:
    headers = {"User-Agent": USER_AGENT, "Accept": ACCEPT, "Accept-Encoding": ACCEPTED}
    async with Client(settings.resolve, settings.allow_private, headers) as client:
        turns, reach = Turns(), Reach()
        tasks = [asyncio.create_task(_in_turn(client, each, settings, turns, reach, put)) for each in requests]
        pending = set(tasks)
        while pending and not any(event.is_set() for event in ends):
            done, pending = await asyncio.wait(pending, timeout=0.2, return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                task.result()
        for task in pending:
            task.cancel()


async def _in_turn(client, request: FetchRequest, settings: Settings, turns: Turns, reach: Reach, put) -> None:
    host = urls.host(request.address)
    async with turns.of(host):
        if reach.offline:
            offline = "not tried: this machine seems to be offline"
            result = FetchResult(request.url, "dns_error", datetime.now(UTC), 0, error=offline)
        elif await _is_forbidden(client, request.address, settings, turns):
            forbidden = f"{host} asks {robots.NAME} in its robots.txt not to fetch this"
            result = FetchResult(request.url, "refused_address", datetime.now(UTC), 0, error=forbidden)
        else:
            result = await _fetch(client, request, settings)
    reach.count(result.status)
    put(result)


async def _is_forbidden(client: Client, address: str, settings: Settings, turns: Turns) -> bool:
    """Whether robots.txt keeps this program from an address; where it does not, the delay it asks for is over."""
    host = urls.host(address)
    if settings.robots is None or addresses.is_own_machine(host):
        return False
    seconds = min(robots.PATIENCE_SECONDS, settings.total_seconds)
    brief = replace(settings, total_seconds=seconds, max_bytes=robots.MAX_BYTES)

    async def text_at(place: str) -> str:
        result = await _fetch(client, FetchRequest(place, place), brief)
        return (result.body or b"").decode("utf-8", "replace").replace("\0", "")

    await settings.robots.ask(address, text_at)
    if settings.robots.forbids(address):
        return True
    await turns.space(host, settings.robots.delay(address))
    return False


async def _fetch(client: Client, request: FetchRequest, settings: Settings) -> FetchResult:
    started = time.monotonic()
    result = FetchResult(request.url, "ok", datetime.now(UTC), 0)
    try:
        async with asyncio.timeout(settings.total_seconds):
            result = await _exchange(client, request, settings, result)
    except Exception as error:  # strangers' bytes went through four libraries: one feed must not stop the others
        status, text = explained(error)
        result = replace(result, status=status, error=text)
    return replace(result, ms=round((time.monotonic() - started) * 1000))


async def _exchange(client: Client, request: FetchRequest, settings: Settings, result: FetchResult) -> FetchResult:
    conditions = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
    headers = {name: value for name, value in conditions.items() if value}
    hops, permanent, moved_to = Hops(request.address), True, None
    for _ in range(MAX_REDIRECTS + 1):
        # Redirects are followed here, since the client would read each one's body to its end, however long.
        async with client.get(hops.address, headers | hops.headers()) as response:
            if not hops.follow(response):
                result = replace(result, address=hops.address, moved_to=moved_to)
                return await _read(response, request, settings, result)
            permanent = permanent and response.status in PERMANENT_REDIRECTS
            moved_to = hops.address if permanent else moved_to
    raise FetchError("redirect_loop", f"more than {MAX_REDIRECTS} redirects")


async def _read(response, request: FetchRequest, settings: Settings, result: FetchResult) -> FetchResult:
    code, headers = response.status, response.headers
    result = replace(
        result,
        http_status=code,
        etag=_clean(headers.get("ETag")),
        last_modified=_clean(headers.get("Last-Modified")),
        content_type=_clean(headers.get("Content-Type")),
        retry_at=freshness.retry_at(headers, result.started_at),
        fresh_minutes=freshness.fresh_minutes(headers, result.started_at),
    )
    if code == 304:
        return replace(result, status="not_modified")
    if not 200 <= code < 300:
        status = STATUS_OF_CODE.get(code) or STATUS_OF_CLASS.get(code // 100, "connect_error")
        return replace(result, status=status, error=f"HTTP {code} {_clean(response.reason) or ''}".strip())
    try:
        body = await _body(response, settings.max_bytes)
    except FetchError as error:
        return replace(result, status=error.status, error=str(error))
    body_hash = hashlib.sha256(body).hexdigest()
    if body_hash == request.body_hash:
        return replace(result, status="unchanged", body_hash=body_hash)
    return replace(result, status="moved" if result.moved_to else "ok", body=body, body_hash=body_hash)


def _clean(header: str | None) -> str | None:
    """A header, unless it holds bytes that are no text: such a one could neither be stored nor sent back."""
    return header if header and header.isprintable() else None


async def _body(response, limit: int) -> bytes:
    raw = bytearray()
    async for chunk in response.content.iter_any():
        raw += chunk
        check_size(len(raw), limit)
    return decode(bytes(raw), response.headers.get("Content-Encoding", ""), limit)
