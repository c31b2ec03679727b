from datetime import UTC, datetime, timedelta

from ingest.freshness import LONGEST_RETRY_AFTER, fresh_minutes, retry_at

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_retry_after_is_read_as_seconds_and_as_a_date_and_capped():
    assert retry_at({"Retry-After": "120"}, NOW) == NOW + timedelta(minutes=2)
    assert retry_at({"Retry-After": "Thu, 01 Jan 2026 01:00:00 GMT"}, NOW) == NOW + timedelta(hours=1)
    assert retry_at({"Retry-After": "999999999"}, NOW) == NOW + LONGEST_RETRY_AFTER
    assert retry_at({"Retry-After": "soon"}, NOW) is None


def test_freshness_is_read_from_cache_control_before_expires():
    assert fresh_minutes({"Cache-Control": "public, max-age=1800", "Expires": "0"}, NOW) == 30
    assert fresh_minutes({"Expires": "Thu, 01 Jan 2026 02:00:00 GMT"}, NOW) == 120
    assert fresh_minutes({"Expires": "-1"}, NOW) is None
