"""Addresses: one article, one address, whatever was added to it on the way."""

import hashlib
import re
from urllib.parse import parse_qs, unquote, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, url_query_cleaner

MAX_URL_LENGTH = 2000
"""Longer addresses are none: browsers and caches refuse them, and hostile feeds make them."""

ID_LENGTH = 20
"""Hexadecimal digits of an article id: 80 bits, so that a billion articles share none by chance."""

TRACKING = (
    "_ga", "_gl", "_hsenc", "_hsmi", "at_campaign", "at_custom1", "at_medium", "cmpid", "cmp", "dclid", "ex_cid",
    "fbclid", "from_source", "ftag", "gaa_at", "gclid", "gclsrc", "guccounter", "icid", "igshid",
    "isappinstalled", "mc_cid", "mc_eid", "mkt_tok", "mod", "msclkid", "ncid", "nsukey", "oly_anon_id", "oly_enc_id",
    "rss", "s_cid", "scm", "share_token", "smid", "smtyp", "spm", "sr_share", "taid", "tpcc", "twclid", "vero_id",
    "wt.mc_id", "wickedid", "yclid",
)  # fmt: skip
"""Query parameters that say how a reader came to an article, not which article it is."""

TRACKING_PREFIXES = ("utm_", "utm-", "pk_", "hsa_", "mtm_", "piwik_", "at_", "__", "ns_")

AGGREGATORS = frozenset(
    {"news.google.com", "msn.com", "apple.news", "flipboard.com", "newsbreak.com", "toutiao.com", "mp.weixin.qq.com",
     "baijiahao.baidu.com"}
)  # fmt: skip
"""Hosts whose addresses stand for another outlet's article without saying which."""

_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PLAIN = re.compile(
    rf"(https?://(?!(?:m|mobile|amp|wap|xn--)\b)(?:{_LABEL}\.)+{_LABEL}/(?!(?:c|v|amp)/)(?:[\w~-]+(?:[./][\w~-]+)*/?)?)"
    r"(?:\?(\w+=[\w.~-]+(?:&\w+=[\w.~-]+)*))?",
    re.ASCII,
)
"""An address of the usual kind, and its query: nothing to decode, resolve, unpack or encode."""
_REDIRECTS = {
    ("www.bing.com", "/news/apiclick.aspx"): "url",
    ("bing.com", "/news/apiclick.aspx"): "url",
    ("www.google.com", "/url"): "url",
    ("google.com", "/url"): "url",
    ("l.facebook.com", "/l.php"): "u",
}
_WRAPPED = re.compile(r"https?://(?:web\.archive\.org/web/\d{4,14}(?:[a-z]{2}_)?/|[^/?#]*?)(https?://.+)", re.I)
"""An address inside an address: an archived copy's, or two that a site's template ran together."""
_BEGINNING = re.compile(r"(?:https?://(?:www\.)?)?")
_AMP_PARAMETERS = ("amp", "outputType", "output")
_AMP_PATH = re.compile(r"(?:/amp/?|\.amp)$|\.amp(?=\.html$)")
_MOBILE_HOST = re.compile(r"^(?:m|mobile|amp|wap)\.(?=[^.]+\.[^.]+)")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_UNSEEN = re.compile("[\u0000-\u0020\u007f-\u00a0\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def canonical(url: str | None, base: str | None = None) -> str | None:
    """The address an article is kept under, or None where `url` is no http or https address.

    Relative addresses are resolved against `base`. Redirects that carry their target are unpacked, AMP and mobile
    twins become the main address, tracking parameters, fragment and default port go, parameters are sorted.
    """
    if not url:
        return None
    if len(url) <= MAX_URL_LENGTH and (match := _PLAIN.fullmatch(url)) and (found := _of_plain(*match.groups())):
        return found
    url = _UNSEEN.sub("", url.strip())
    try:
        target = _unwrapped(urljoin(base, url) if base else url)
        parts = urlsplit(target)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            return None
        cleaned = canonicalize_url(_cleaned(parts), keep_fragments=False)
    except (ValueError, UnicodeError):
        return None
    return cleaned if len(cleaned) <= MAX_URL_LENGTH else None


def _of_plain(address: str, query: str | None) -> str | None:
    """The same for an address of the usual kind; None where it is not quite."""
    if _AMP_PATH.search(address):
        return None
    pairs = [pair.split("=") for pair in (query or "").split("&") if pair]
    if any(name in _AMP_PARAMETERS for name, _ in pairs):
        return None
    kept = "&".join("=".join(pair) for pair in sorted(pairs) if not _is_tracking(pair[0]))
    return f"{address}?{kept}" if kept else address


def host(url: str | None) -> str:
    """The host of an address without `www.`; empty where there is none."""
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def is_aggregator(url: str | None) -> bool:
    """Whether an address stands for another outlet's article without saying which (Google News, MSN, ...)."""
    return host(url) in AGGREGATORS


def article_id(*identity: str) -> str:
    """Id of an article: a digest of its canonical address, or of whatever else identifies it.

    `http` and `https`, `www.` and a closing slash do not make another article.
    """
    address = identity[0]
    key = address[_BEGINNING.match(address).end() :].rstrip("/")
    return hashlib.sha256("\x1f".join((key, *identity[1:])).encode("utf-8", "replace")).hexdigest()[:ID_LENGTH]


def _unwrapped(url: str, depth: int = 3) -> str:
    if wrapped := _WRAPPED.match(url):
        url = wrapped.group(1)
    parts = urlsplit(url)
    if parameter := _REDIRECTS.get(((parts.hostname or ""), parts.path.lower())):
        target = parse_qs(parts.query).get(parameter, [""])[0]
        if depth and target.startswith(("http://", "https://")):
            return _unwrapped(target, depth - 1)
    cache = re.match(r"^/(?:c|v|amp)/(s/)?(.+)$", parts.path)
    if cache and (parts.hostname or "").endswith((".cdn.ampproject.org", "www.google.com")):
        query = f"?{parts.query}" if parts.query else ""
        return f"http{'s' if cache.group(1) else ''}://{unquote(cache.group(2))}{query}"
    return url


def _cleaned(parts) -> str:
    netloc = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if _MOBILE_HOST.match(netloc):
        bare = _MOBILE_HOST.sub("", netloc)
        netloc = f"www.{bare}" if bare.count(".") == 1 else bare
    if parts.port and str(parts.port) != _DEFAULT_PORTS[parts.scheme]:
        netloc = f"{netloc}:{parts.port}"
    path = _AMP_PATH.sub("", parts.path) or "/"
    url = urlunsplit((parts.scheme, netloc, path, parts.query, ""))
    return _without_tracking(url, parts.query) if parts.query else url


def _without_tracking(url: str, query: str) -> str:
    names = [pair.partition("=")[0] for pair in query.split("&")]
    unwanted = [name for name in names if _is_tracking(name)]
    unwanted += [name for name in names if name in _AMP_PARAMETERS and _says_amp(name, query)]
    return url_query_cleaner(url, unwanted, remove=True, unique=False) if unwanted else url


def _is_tracking(name: str) -> bool:
    return name.lower() in TRACKING or name.lower().startswith(TRACKING_PREFIXES)


def _says_amp(name: str, query: str) -> bool:
    return name == "amp" or f"{name}=amp" in query
