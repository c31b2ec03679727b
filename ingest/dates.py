"""Dates as feeds and tables write them, in the languages read here.

Feed libraries read `2024年1月2日` as November, a Unix time as the year 1685 and `CST` as US Central, so the forms that
occur are read here and only unforeseen English ones are left to dateutil.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from ingest import zones
from ingest.model import PublishedQuality

FIRST_YEAR = 1995
"""No online article is older: an earlier date is a default value or a misreading."""

Published = tuple[datetime | None, int | None, PublishedQuality]

MISSING: Published = (None, None, "missing")

MAX_DATE_LENGTH = 100

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
_CHINESE_MONTHS = {
    "一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9", "十": "10",
    "十一": "11", "十二": "12",
}  # fmt: skip

_TIME = (
    r"(?:(?P<half>上午|下午|凌晨|早上|中午|晚上|오전|오후|[ap]\.?m\.?)?\s*(?P<hour>\d{1,2})(?:[:时時点點]|\s?시\s?)"
    r"(?P<minute>\d{1,2})?(?:[:分]\s?(?P<second>\d{1,2}(?:[.,]\d{1,9})?)?秒?)?\s*(?P<half_after>[ap]\.?m\b\.?)?)"
)
_ZONE = (
    r"(?P<zone>(?:\(?(?:GMT|UTC|UT)\s?)?[+-]\d{1,2}:?(?:\d{2})?\)?|\(?(?:Etc/)?[A-Z]{1,5}\)?|北京时间)?"
    r"(?:\s*\([^)]*\))?"
)
_WEEKDAY = r"(?:(?:[a-z]{2,9}\.?|星期.|周.|週.|\(.\))\s*,?\s*)?"
_FORMS = [
    re.compile(pattern, re.I | re.X)
    for pattern in (
        # 2019-10-25T08:00:00+08:00, 2019/10/25 08:00, 2019.10.25, 2019年10月25日 下午3:04
        rf"""{_WEEKDAY} (?P<year>\d{{4}}) (?:\s?[-/.年년]\s?) (?P<month>\d{{1,2}}) (?:\s?[-/.月월]\s?)
             (?P<day>\d{{1,2}}) (?:[日号號]|\s?일)? (?:\s*(?:星期.|周.|週.|\(.\)))?
             (?:[\sT,·_-]* {_TIME} \s*{_ZONE})?""",
        # Fri, 25 Oct 2019 08:00:00 +0800; 25 October 2019; 25-Oct-19 08:00
        rf"""{_WEEKDAY} (?P<day>\d{{1,2}}) (?:st|nd|rd|th)? [\s.-]+ (?P<name>[a-z]{{3,9}})\.? [\s,.-]+
             (?P<year>\d{{4}}|\d{{2}}(?!\d)) (?:[,\s]+ {_TIME} \s*{_ZONE})?""",
        # October 25, 2019 8:00 AM EST
        rf"""{_WEEKDAY} (?P<name>[a-z]{{3,9}})\.? \s+ (?P<day>\d{{1,2}}) (?:st|nd|rd|th)? ,? \s+ (?P<year>\d{{4}})
             (?:[,\s]+ (?:at\s+|-\s+)? {_TIME} \s*{_ZONE})?""",
        # Fri Oct 25 08:00:00 CST 2019
        rf"""{_WEEKDAY} (?P<name>[a-z]{{3,9}}) \s+ (?P<day>\d{{1,2}}) \s+ {_TIME} \s*{_ZONE} \s*(?P<year>\d{{4}})""",
        # 20191025, 20191025080000, 20191025T080000Z
        r"""(?P<year>(?:19|20)\d{2}) (?P<month>\d{2}) (?P<day>\d{2})
            (?:T?(?P<hour>\d{2}):?(?P<minute>\d{2}):?(?P<second>\d{2})? (?P<zone>Z|[+-]\d{2}:?\d{2})?)?""",
        # 10/25/2019 08:00 PM: the American order, which is the one that occurs
        rf"""(?P<month>\d{{1,2}}) [/-] (?P<day>\d{{1,2}}) [/-] (?P<year>\d{{4}}) (?:[,\s]+ {_TIME} \s*{_ZONE})?""",
    )
]
_RSS_DATE = re.compile(r"(?:[A-Z][a-z]{2}, )?(\d\d?) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:([+-]\d{4})|GMT)")
_ATOM_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
_UNIX = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{12,13})(?:\.0)?|(\d{15,16})")
_UNIX_UNITS = (1, 1_000, 1_000_000)
_AGO = re.compile(
    r"(\d{1,4})\s*[个個]?\s*(秒|分[钟鐘]?|小[时時]|天|日|seconds?|min(?:ute)?s?|hours?|days?)\s*(?:前|ago)"
)
_AGO_UNITS = {"秒": 1, "s": 1, "分": 60, "m": 60, "小": 3600, "h": 3600, "天": 86400, "日": 86400, "d": 86400}
_RELATIVE_DAY = re.compile(rf"(今天|今日|昨天|昨日|前天|today|yesterday)[,\s]*(?:at\s+)?(?:{_TIME})?", re.I)
_DAYS_BACK = {"今": 0, "t": 0, "昨": 1, "y": 1, "前": 2}
_MONTH_DAY = re.compile(rf"(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})[日号號]\s*(?:{_TIME})?", re.I)


def parse_date(text: object, zone: str, now: datetime) -> Published:
    """Read a date: (time in UTC, offset it was given with in minutes, quality).

    `zone` is the IANA zone of times that carry none. The quality is `exact` (the text names its zone), `guessed`
    (the zone is the feed's, or the text is relative to `now`), `date_only` (midnight in the feed's zone) or `missing`
    with no time: nothing readable, or a year outside 1995 to tomorrow. Never raises, never returns `now` itself.
    """
    text = str(text or "")[:MAX_DATE_LENGTH]
    if found := _usual(text):
        return found if _possible(found[0], now) else MISSING
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    if not text:
        return MISSING
    found = _unix(text) or _absolute(text, zone) or _relative(text, zone, now)
    if found is None:
        found = _by_dateutil(text, zone)
    return found if found and _possible(found[0], now) else MISSING


def _possible(time: datetime, now: datetime) -> bool:
    return time.year >= FIRST_YEAR and time <= now + timedelta(days=1)


def _usual(text: str) -> Published | None:
    """The two forms that nearly all feeds write, as they are read below, in a tenth of the time."""
    try:
        if _ATOM_DATE.fullmatch(text):
            time = datetime.fromisoformat(text)
        elif match := _RSS_DATE.fullmatch(text):
            day, month, year, hour, minute, second, zone = match.groups()
            month = _MONTHS[month.lower()]
            time = datetime.fromisoformat(f"{year}-{month:02}-{day:0>2}T{hour}:{minute}:{second}{zone or 'Z'}")
        else:
            return None
        offset = round(time.utcoffset().total_seconds() / 60)
        return (time.astimezone(UTC), offset, "exact") if abs(offset) <= zones.MOST_MINUTES else None
    except (ValueError, OverflowError, KeyError):
        return None


def _unix(text: str) -> Published | None:
    match = _UNIX.fullmatch(text)
    if not match:
        return None
    digits, unit = next((d, u) for d, u in zip(match.groups(), _UNIX_UNITS, strict=True) if d)
    return datetime.fromtimestamp(int(digits) / unit, UTC), 0, "exact"


def _absolute(text: str, zone: str) -> Published | None:
    text = _western_months(text)
    for form in _FORMS:
        if match := form.fullmatch(text):
            return _from_parts(match.groupdict(), zone)
    return None


def _western_months(text: str) -> str:
    """`25 十月 2019` as WordPress writes it in Chinese: the month's number, then its English name."""
    match = re.search(r"(?<=\s)(十[一二]|[一二三四五六七八九十]|\d{1,2})月(?=\s+\d{4})", text)
    if not match:
        return text
    number = int(_CHINESE_MONTHS.get(match.group(1), match.group(1)))
    name = next((name for name, n in _MONTHS.items() if n == number), "")
    return text[: match.start()] + name + text[match.end() :]


def _from_parts(parts: dict[str, str | None], zone: str) -> Published | None:
    month = parts.get("month") or _MONTHS.get((parts.get("name") or "")[:3].lower())
    if not month:
        return None
    try:
        local = datetime(_year(parts["year"]), int(month), int(parts["day"]))  # noqa: DTZ001 the zone comes below
        if parts["hour"] is None:
            return local.replace(tzinfo=zones.named(zone)).astimezone(UTC), None, "date_only"
        time_of_day = _time_of_day(parts)
        offset = zones.minutes_east(parts.get("zone"), zone)
        if offset is None:
            quality = "guessed" if time_of_day else "date_only"  # programs write a bare date as midnight
            return (local + time_of_day).replace(tzinfo=zones.named(zone)).astimezone(UTC), None, quality
        local += time_of_day
        return local.replace(tzinfo=timezone(timedelta(minutes=offset))).astimezone(UTC), offset, "exact"
    except (ValueError, OverflowError):
        return None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _time_of_day(parts: dict[str, str | None]) -> timedelta:
    hour, minute = int(parts["hour"]), int(parts.get("minute") or 0)
    second = float((parts.get("second") or "0").replace(",", "."))
    half = (parts.get("half") or parts.get("half_after") or "").lower()
    if half[:1] == "p" or half in ("下午", "晚上", "오후") or (half == "中午" and hour < 11):
        hour = hour + 12 if hour < 12 else hour
    elif (half[:1] == "a" or half in ("上午", "凌晨", "早上", "오전")) and hour == 12:
        hour = 0
    if hour > 24 or minute > 59 or second >= 61:
        raise ValueError("no time of day")
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59.999999))


def _relative(text: str, zone: str, now: datetime) -> Published | None:
    if match := _AGO.fullmatch(text):
        return now - timedelta(seconds=int(match.group(1)) * _AGO_UNITS[match.group(2)[0]]), None, "guessed"
    today = now.astimezone(zones.named(zone))
    if match := _RELATIVE_DAY.fullmatch(text):
        day = today - timedelta(days=_DAYS_BACK[match.group(1)[0].lower()])
        return _from_parts({**_day(day), **_time_parts(match)}, zone)
    if match := _MONTH_DAY.fullmatch(text):
        year = today.year if (int(match["month"]), int(match["day"])) <= (today.month, today.day) else today.year - 1
        return _from_parts({**match.groupdict(), "year": str(year)}, zone)
    return None


def _day(day: datetime) -> dict[str, str]:
    return {"year": str(day.year), "month": str(day.month), "day": str(day.day)}


def _time_parts(match: re.Match) -> dict[str, str | None]:
    return {name: match[name] for name in ("half", "hour", "minute", "second", "half_after")}


def _by_dateutil(text: str, zone: str) -> Published | None:
    """Forms not foreseen here. Read twice with different defaults: what differs was not in the text."""
    from dateutil import parser

    readings = []
    for default in (datetime(1901, 2, 3, 1, 2), datetime(1902, 5, 7, 4, 8)):  # noqa: DTZ001 only to compare
        try:
            readings.append(parser.parse(text, default=default, tzinfos=lambda name, _: _tzinfo(name, zone)))
        except (ValueError, OverflowError, TypeError, AttributeError):
            return None
    first, second = readings
    if first.date() != second.date() or not re.search(r"\d{4}", text):
        return None
    if (first.hour, first.minute) != (second.hour, second.minute):
        return first.replace(hour=0, minute=0, second=0, tzinfo=zones.named(zone)).astimezone(UTC), None, "date_only"
    try:
        if first.tzinfo is None:
            return first.replace(tzinfo=zones.named(zone)).astimezone(UTC), None, "guessed"
        return first.astimezone(UTC), round(first.utcoffset().total_seconds() / 60), "exact"
    except (ValueError, OverflowError):
        return None


def _tzinfo(name: str | None, zone: str) -> tzinfo | None:
    offset = zones.minutes_east(name, zone) if name else None
    return None if offset is None else timezone(timedelta(minutes=offset))
