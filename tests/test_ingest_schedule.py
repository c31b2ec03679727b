from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ingest.model import FetchResult
from ingest.schedule import (
    DISABLED_AT,
    DISABLED_INTERVAL,
    FAILURE_WEIGHTS,
    LONGEST_MINUTES,
    SHORTEST_MINUTES,
    UNCONDITIONAL_AFTER,
    Content,
    FeedState,
    after,
    is_due,
    request_for,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
URL = "https://daily.example/feed"
KNOWN = FeedState(URL, etag='"v1"', last_modified="then", body_hash="h", last_success=NOW, last_full=NOW, next_due=NOW)


def result(status="ok", at=NOW, **fields):
    error = None if status in ("ok", "moved", "not_modified", "unchanged", "empty") else "what went wrong"
    return FetchResult(URL, status, at, 100, error=error, **fields)


def minutes_until_due(state):
    return (state.next_due - NOW) / timedelta(minutes=1)


def test_a_feed_that_was_never_asked_is_due():
    assert is_due(FeedState(URL), NOW)
    assert not is_due(replace(KNOWN, next_due=NOW + timedelta(minutes=1)), NOW)


def test_a_poll_that_shows_only_old_items_doubles_the_interval():
    assert after(KNOWN, result(), Content(seen=20)).interval_minutes == 2 * KNOWN.interval_minutes
    assert after(KNOWN, result("not_modified"), Content()).interval_minutes == 2 * KNOWN.interval_minutes


def test_a_poll_that_shows_three_quarters_old_items_keeps_the_interval():
    assert after(KNOWN, result(), Content(new=5, seen=15)).interval_minutes == KNOWN.interval_minutes


def test_a_burst_of_new_items_brings_the_next_poll_forward():
    assert after(KNOWN, result(), Content(new=20)).interval_minutes == SHORTEST_MINUTES


def test_the_first_document_is_all_new_and_says_nothing_about_the_pace():
    assert after(FeedState(URL), result(), Content(new=20)).interval_minutes == FeedState(URL).interval_minutes


def test_the_interval_stays_between_ten_minutes_and_a_day():
    quiet = busy = KNOWN
    for _ in range(20):
        quiet, busy = after(quiet, result(), Content(seen=9)), after(busy, result(), Content(new=9))
    assert (busy.interval_minutes, quiet.interval_minutes) == (SHORTEST_MINUTES, LONGEST_MINUTES)


@pytest.mark.parametrize(("hint", "due"), [(5, 60), (240, 240), (100_000, LONGEST_MINUTES)])
def test_what_the_publisher_asks_for_is_heeded_within_bounds(hint, due):
    content = Content(new=5, seen=15)
    assert minutes_until_due(after(KNOWN, result(fresh_minutes=hint), content)) == due
    assert minutes_until_due(after(KNOWN, result(), replace(content, ttl_minutes=hint))) == due


@pytest.mark.parametrize("status", ["not_modified", "unchanged"])
def test_what_a_document_asks_for_holds_until_the_next_one(status):
    asking = after(KNOWN, result(), Content(new=5, seen=15, ttl_minutes=300))
    assert minutes_until_due(after(asking, result(status), Content())) == 300
    assert after(asking, result(), Content(new=5, seen=15)).ttl_minutes is None


def test_retry_after_is_waited_for_even_beyond_a_day():
    month = NOW + timedelta(days=31)
    assert after(KNOWN, result("rate_limited", retry_at=month), Content()).next_due == month
    assert after(KNOWN, result(retry_at=month), Content()).next_due == month


def test_a_request_is_conditional_except_once_a_day():
    assert request_for(KNOWN, NOW + timedelta(hours=1)).etag == '"v1"'
    later = request_for(KNOWN, NOW + UNCONDITIONAL_AFTER)
    assert (later.etag, later.last_modified, later.body_hash) == (None, None, "h")


def test_not_modified_keeps_the_validators_and_a_document_replaces_them():
    assert after(KNOWN, result("not_modified"), Content()).etag == '"v1"'
    assert after(KNOWN, result("unchanged", etag='"v2"', body_hash="h"), Content()).etag == '"v2"'
    assert after(KNOWN, result(body_hash="i"), Content()).etag is None


def test_failures_weigh_by_kind_and_wait_longer_each_time():
    hard = after(KNOWN, result("not_found"), Content())
    temporary = after(KNOWN, result("timeout"), Content())
    assert (hard.failures, temporary.failures) == (1, 0.25)
    assert SHORTEST_MINUTES < minutes_until_due(temporary) < minutes_until_due(hard)
    assert hard.etag == KNOWN.etag
    assert hard.error == "what went wrong"


@pytest.mark.parametrize("status", ["not_found", "server_error", "timeout"])
def test_a_feed_that_keeps_failing_is_disabled_and_still_tried_rarely(status):
    state = KNOWN
    for _ in range(round(DISABLED_AT / FAILURE_WEIGHTS[status])):
        assert not state.disabled
        state = after(state, result(status), Content())
    assert state.disabled
    assert state.next_due == NOW + DISABLED_INTERVAL
    assert is_due(state, state.next_due)


def test_a_feed_that_comes_back_is_well_again():
    state = after(replace(KNOWN, failures=DISABLED_AT, error="HTTP 500"), result(), Content(new=1))
    assert (state.failures, state.error, state.last_new) == (0, None, NOW)


def test_gone_ends_the_feed():
    state = after(KNOWN, result("gone"), Content())
    assert not is_due(state, NOW + timedelta(days=9999), everything=True)


def test_a_moved_feed_is_asked_at_its_new_address_until_that_fails_for_good():
    moved = after(KNOWN, result("moved", moved_to="https://new.example/feed"), Content(seen=5))
    assert request_for(moved, NOW).address == "https://new.example/feed"
    assert request_for(moved, NOW).url == URL
    assert request_for(after(moved, result("timeout"), Content()), NOW).address == "https://new.example/feed"
    assert request_for(after(moved, result("not_found"), Content()), NOW).address == URL
