"""Politeness between requests: how many at once, how far apart, and when to stop trying.

    async with turns.of(host): ...      waits for a place among all requests and among those to one host
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from ingest.addresses import is_own_machine

CONCURRENT = 100
CONCURRENT_PER_HOST = 2
SPACING_SECONDS = 0.5
OUT_OF_REACH = frozenset({"dns_error", "connect_error"})
OFFLINE_AFTER = 8
"""So many feeds out of reach, and none reached, mean that this machine is offline: the rest are not tried."""


class Turns:
    """Hands out turns. Hosts on this machine's own networks are not spared: there is nobody to be polite to."""

    def __init__(self) -> None:
        self._all = asyncio.Semaphore(CONCURRENT)
        self._hosts: dict[str, _Host] = defaultdict(_Host)

    @asynccontextmanager
    async def of(self, host: str) -> AsyncIterator[None]:
        if is_own_machine(host):
            async with self._all:
                yield
            return
        async with self._hosts[host].places:
            await self.space(host, SPACING_SECONDS)
            async with self._all:
                yield

    async def space(self, host: str, seconds: float) -> None:
        """Wait for the next request to the host, and have the one after that wait `seconds` longer."""
        turn, now = self._hosts[host], asyncio.get_running_loop().time()
        wait = max(0.0, turn.next_start - now) if seconds else 0.0
        turn.next_start = max(turn.next_start, now + wait + seconds)
        await asyncio.sleep(wait)


@dataclass
class _Host:
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CONCURRENT_PER_HOST))
    next_start: float = 0.0


@dataclass
class Reach:
    """Notices that nothing at all can be reached, so that being offline is found out in seconds."""

    missed: int = 0
    reached: bool = False

    def count(self, status: str) -> None:
        missed = status in OUT_OF_REACH
        self.missed += missed
        self.reached |= not missed

    @property
    def offline(self) -> bool:
        return not self.reached and self.missed >= OFFLINE_AFTER
