"""Settings from the environment, and the subscription from a TOML file."""

import os
import tomllib
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingest.errors import ConfigError
from ingest.model import GROUPS, Feed

SHIPPED_FEEDS = Path(__file__).with_name("feeds.toml")
USER_FEEDS = Path("data/feeds.toml")
DEFAULT_STORE = "data/lianwatch.duckdb"
DEFAULT_TIMEZONE = "Asia/Shanghai"


def store_url() -> str:
    """Address of the store: `LIANWATCH_STORE`, else `data/lianwatch.duckdb`."""
    return os.environ.get("LIANWATCH_STORE") or DEFAULT_STORE


def timezone() -> ZoneInfo:
    """Zone in which days are counted: `LIANWATCH_TIMEZONE`, else Beijing. Raises ConfigError on an unknown name."""
    name = os.environ.get("LIANWATCH_TIMEZONE") or DEFAULT_TIMEZONE
    return zone(name, "LIANWATCH_TIMEZONE")


def feeds_path() -> Path:
    """The subscription in force: `LIANWATCH_FEEDS`, else the user's file once it exists, else the shipped one."""
    if named := os.environ.get("LIANWATCH_FEEDS"):
        return Path(named)
    return USER_FEEDS if USER_FEEDS.is_file() and USER_FEEDS.stat().st_size else SHIPPED_FEEDS


def load_feeds(path: Path) -> tuple[Feed, ...]:
    """Read a feed list. Raises ConfigError naming the file, the entry and what to change."""
    return read_feeds(text_of(path), path)


def text_of(path: Path) -> str:
    """The text of a feed list. Raises ConfigError naming the file."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such feed list") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: a feed list is UTF-8 text, and this is not") from None


def read_feeds(text: str, path: Path) -> tuple[Feed, ...]:
    """Read the text of a feed list; `path` names it in errors. Raises ConfigError."""
    try:
        entries = tomllib.loads(text).get("feed", [])
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from None
    if not isinstance(entries, list):
        raise ConfigError(f"{path}: feeds are written as [[feed]] tables")
    feeds = tuple(_feed(entry, f"{path}: feed {number}") for number, entry in enumerate(entries, 1))
    seen: set[str] = set()
    for feed in feeds:
        if feed.url in seen:
            raise ConfigError(f"{path}: {feed.url} is listed twice")
        seen.add(feed.url)
    return feeds


_KEYS = {"url", "name", "outlet", "group", "language", "timezone", "search"}


def _feed(entry: dict, where: str) -> Feed:
    if not isinstance(entry, dict):
        raise ConfigError(f"{where} is not a table")
    if unknown := sorted(set(entry) - _KEYS):
        raise ConfigError(f"{where} has an unknown key '{unknown[0]}' (known: {', '.join(sorted(_KEYS))})")
    url = entry.get("url")
    if not isinstance(url, str) or not is_web_address(url):
        raise ConfigError(f"{where} needs a url that starts with http:// or https://")
    group = entry.get("group", "other")
    if group not in GROUPS:
        raise ConfigError(f"{where} has an unknown group '{group}' (known: {', '.join(GROUPS)})")
    timezone_name = str(entry.get("timezone", "UTC"))
    zone(timezone_name, f"{where}: timezone")
    name = str(entry.get("name") or url)
    outlet = None if entry.get("search") else str(entry.get("outlet") or name)
    return Feed(url, name, outlet, group, str(entry.get("language", "")), timezone_name)


def is_web_address(url: str) -> bool:
    """Whether `url` is an http or https address that names a host."""
    try:
        return url.startswith(("http://", "https://")) and bool(urlsplit(url).hostname)
    except ValueError:  # such as http://[
        return False


def zone(name: str, where: str) -> ZoneInfo:
    """The time zone of an IANA name. Raises ConfigError, which says `where` the name stands."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(f"{where}: '{name}' is not a time zone (write an IANA name such as Asia/Shanghai)") from None
