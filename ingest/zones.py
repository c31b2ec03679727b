"""Time zones by the names and numbers that follow a time, and by their IANA names."""

import re
from datetime import UTC, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "mez": 60, "met": 60,
    "cest": 120, "mesz": 120, "mest": 120, "eet": 120, "eest": 180, "msk": 180, "ist": 330, "pkt": 300, "ict":
    420, "wib": 420, "hkt": 480, "sgt": 480, "myt": 480, "pht": 480, "awst": 480, "bjt": 480, "jst": 540, "kst":
    540, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "et": -300,
    "ct": -360, "mt": -420, "pt": -480, "at": -240,
}  # fmt: skip
"""Zone names → minutes east of UTC. `CST` and `CT` are China's in a feed from Asia."""

CHINA_STANDARD_TIME = 480
MOST_MINUTES = 14 * 60
"""No zone is farther from UTC."""

_OFFSET = re.compile(r"\(?(?:GMT|UTC|UT)?\s?([+-])(\d{1,2}):?(\d{2})?\)?", re.I)


def minutes_east(name: str | None, zone: str) -> int | None:
    """Minutes east of UTC that a zone name or number says; None where it says nothing known."""
    if not name:
        return None
    if match := _OFFSET.fullmatch(name):
        sign, hours, minutes = match.groups()
        total = int(hours) * 60 + int(minutes or 0)
        if total > MOST_MINUTES:
            raise ValueError("no zone is that far from UTC")
        return -total if sign == "-" else total
    name = name.strip("()").lower().removeprefix("etc/")
    if name == "北京时间" or (name in ("cst", "ct") and zone.startswith("Asia/")):
        return CHINA_STANDARD_TIME
    return ZONES.get(name)


@lru_cache(maxsize=64)
def named(name: str) -> tzinfo:
    """The IANA zone `name`; UTC where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC
