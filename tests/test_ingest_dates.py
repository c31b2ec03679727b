from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import dates
from ingest.dates import MISSING, parse_date

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
XI_SPOKE = datetime(2019, 10, 25, 10, 30, tzinfo=UTC)  # 18:30 in Beijing


def read(text, zone="Asia/Shanghai"):
    return parse_date(text, zone, NOW)


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("Fri, 25 Oct 2019 18:30:00 +0800", 480),
        ("Fri, 25 Oct 2019 10:30:00 GMT", 0),
        ("Fri, 25 Oct 2019 18:30:00 CST", 480),
        ("Fri, 25 Oct 2019 18:30:00 HKT", 480),
        ("Fri, 25 Oct 2019 18:30:00 GMT+8", 480),
        ("Fri, 25 Oct 2019 18:30:00 UTC+08:00", 480),
        ("25 Oct 19 06:30:00 EDT", -240),
        ("2019-10-25T18:30:00+08:00", 480),
        ("2019-10-25T10:30:00Z", 0),
        ("2019-10-25 18:30:00.000 +0800", 480),
        ("20191025T103000Z", 0),
        ("Fri Oct 25 18:30:00 CST 2019", 480),
        ("October 25, 2019 6:30 AM EDT", -240),
        ("星期五, 25 十月 2019 18:30:00 +0800", 480),
        ("1571999400", 0),
        ("1571999400000", 0),
        ("1571999400.0", 0),
    ],
)
def test_a_time_with_a_zone_is_exact(text, offset):
    assert read(text) == (XI_SPOKE, offset, "exact")


@pytest.mark.parametrize(
    "text",
    [
        "2019年10月25日 18:30",
        "2019年10月25日18时30分",
        "2019年10月25日 下午6:30",
        "2019年10月25日 星期五 18:30",
        "2019/10/25 18:30:00",
        "2019-10-25 18:30",
        "２０１９-10-25 18：30",
        "Fri, 25 Oct 2019 18:30:00",
        "10/25/2019 6:30 PM",
        "20191025183000",
    ],
)
def test_a_time_without_a_zone_is_read_in_the_feeds_and_marked_guessed(text):
    assert read(text) == (XI_SPOKE, None, "guessed")


@pytest.mark.parametrize(
    "text", ["2024年1月2日", "2024/01/02", "2024.1.2", "20240102", "2 Jan 2024", "January 2nd, 2024"]
)
def test_a_date_alone_is_midnight_in_the_feeds_zone_and_marked(text):
    assert read(text) == (datetime(2024, 1, 1, 16, tzinfo=UTC), None, "date_only")


def test_midnight_without_a_zone_is_a_date_alone():
    assert read("2024-01-02 00:00:00") == (datetime(2024, 1, 1, 16, tzinfo=UTC), None, "date_only")


def test_cst_is_china_only_in_feeds_from_asia():
    assert read("Fri, 25 Oct 2019 18:30:00 CST", "America/Chicago")[1] == -360


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("今天 15:04", datetime(2026, 1, 1, 7, 4, tzinfo=UTC)),
        ("昨天 15:04", datetime(2025, 12, 31, 7, 4, tzinfo=UTC)),
        ("3小时前", NOW - timedelta(hours=3)),
        ("5 minutes ago", NOW - timedelta(minutes=5)),
        ("12月30日 10:00", datetime(2025, 12, 30, 2, tzinfo=UTC)),
    ],
)
def test_relative_times_are_guesses(text, time):
    assert read(text) == (time, None, "guessed")


@pytest.mark.parametrize(
    "text",
    ["", None, "soon", "2019", "Oct 2019", "0", "1994-12-31", "1970-01-01T00:00:00Z", "2026-01-03T00:00:00Z",
     "9999-12-31", "2019-02-30", "2019-10-25 99:99", "-62135596800", "1" * 400, "0000-00-00 00:00:00"],
)  # fmt: skip
def test_what_is_no_plausible_date_is_missing_and_never_now(text):
    assert read(text) == MISSING


TIMES = st.datetimes(datetime(1995, 1, 2), datetime(2025, 12, 30))  # noqa: DTZ001 hypothesis takes naive bounds
OFFSETS = st.integers(-12 * 60, 14 * 60)


@given(TIMES, OFFSETS, st.sampled_from(["rfc822", "iso", "chinese", "unix"]))
def test_a_written_time_is_read_back(naive, minutes, form):
    time = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    text = {
        "rfc822": format_datetime(time),
        "iso": time.isoformat(),
        "chinese": time.strftime("%Y年%m月%d日 %H时%M分%S秒 %z"),
        "unix": str(int(time.timestamp())),
    }[form]
    assert read(text)[0] == time
    assert read(text)[2] == "exact"


@given(st.text(max_size=60) | st.integers() | st.floats())
def test_any_value_is_a_date_within_bounds_or_missing(value):
    time, _, quality = read(value)
    assert (time is None) == (quality == "missing")
    assert time is None or 1995 <= time.year <= 2026


@given(TIMES, OFFSETS, st.sampled_from(["%a, %d %b %Y %H:%M:%S {zone}", "%d %b %Y %H:%M:%S GMT", "%Y-%m-%dT%H:%M:%SZ"]))
def test_a_date_of_the_usual_form_is_read_as_any_other_would_be(naive, minutes, form):
    zone = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
    text = naive.strftime(form.format(zone=zone))
    with patch.object(dates, "_usual", return_value=None):
        expected = read(text)
    assert read(text) == expected
