import asyncio

import pytest

from ingest import turns
from ingest.turns import OFFLINE_AFTER, Reach, Turns


async def timed(host, count, seconds=0.0):
    """Start times of so many requests to a host, and the most that were under way at once."""
    politeness, loop = Turns(), asyncio.get_running_loop()
    starts, running, most = [], 0, 0

    async def request():
        nonlocal running, most
        async with politeness.of(host):
            starts.append(loop.time())
            running += 1
            most = max(most, running)
            await asyncio.sleep(seconds)
            running -= 1

    await asyncio.gather(*(request() for _ in range(count)))
    return starts, most


def test_requests_to_one_host_are_few_at_a_time_and_apart(monkeypatch):
    monkeypatch.setattr(turns, "SPACING_SECONDS", 0.05)
    starts, most = asyncio.run(timed("daily.example", 5, seconds=0.15))
    assert most == turns.CONCURRENT_PER_HOST
    assert all(later - earlier > 0.04 for earlier, later in zip(starts, starts[1:], strict=False))


def test_no_more_requests_are_under_way_than_the_limit_of_all_hosts_together(monkeypatch):
    monkeypatch.setattr(turns, "CONCURRENT", 3)
    assert asyncio.run(timed("127.0.0.1", 10, seconds=0.01))[1] == 3


def test_our_own_machine_is_not_spared():
    starts, most = asyncio.run(timed("127.0.0.1", 20, seconds=0.05))
    assert most == 20
    assert starts[-1] - starts[0] < 0.5


@pytest.mark.parametrize(
    ("statuses", "offline"), [(["dns_error"], True), (["connect_error", "ok"], False), (["timeout"], False)]
)
def test_offline_is_when_nothing_was_reached(statuses, offline):
    reach = Reach()
    for status in statuses * OFFLINE_AFTER:
        reach.count(status)
    assert reach.offline is offline
