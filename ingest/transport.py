"""How a request reaches a host: its name is resolved once, its addresses are checked, and one of those is connected to.

aiohttp speaks HTTP; what it raises is put into the words of the fetch log here.
"""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from urllib.parse import urljoin

import aiohttp
from yarl import URL

from ingest import addresses
from ingest.errors import FetchError

CONNECT_SECONDS = 6
MAX_HEADERS = 200
MAX_HEADER_BYTES = 64 * 1024
"""Of one header: content policies and cookies of real sites exceed the usual 8 KB."""

_FLOODS = ("Got more than", "Too many headers")
"""How aiohttp begins to say that a header, or their number, exceeds its limit."""

REDIRECTS = frozenset([301, 302, 303, 307, 308])


class Client:
    """Asks for addresses, as many at once as it is called for. It follows no redirect and unpacks nothing.

    Looking a name up once closes the gap in which it could be pointed elsewhere. Connections are not kept: they would
    be pooled by address, and two hosts behind one address must not share one. Used as an async context.
    """

    def __init__(
        self, resolve: Callable[[str, int], Awaitable[list[str]]], allow_private: bool, headers: Mapping[str, str]
    ) -> None:
        self._resolve, self._allow_private = resolve, allow_private
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, force_close=True),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
            headers=headers,
            auto_decompress=False,
            max_headers=MAX_HEADERS,
            max_line_size=MAX_HEADER_BYTES,
            max_field_size=MAX_HEADER_BYTES,
        )

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(self, *_) -> None:
        await self._session.close()

    @asynccontextmanager
    async def get(self, address: str, headers: Mapping[str, str]) -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer to a GET request, its body still to be read; what the caller leaves of that is never read."""
        url = _web_address(address)
        found = await self._resolve(url.host, url.port)
        if not self._allow_private:
            found = addresses.refuse_private(url.host, found)
        response = await self._answer(url, found, {**headers, "Host": url.host_port_subcomponent})
        try:
            yield response
        finally:
            response.close()

    async def _answer(self, url: URL, found: list[str], headers: Mapping[str, str]) -> aiohttp.ClientResponse:
        secure = url.scheme == "https"
        # Certificates are checked against the name, not the address.
        tls = {"ssl": _certificates(), "server_hostname": url.raw_host} if secure else {}
        for number, address in enumerate(found, 1):
            try:
                return await self._session.get(url.with_host(address), headers=headers, allow_redirects=False, **tls)
            except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
                if number == len(found):
                    raise
        raise FetchError("dns_error", f"{url.host}: the name has no address")


@cache
def _certificates() -> ssl.SSLContext:
    import certifi

    return ssl.create_default_context(cafile=certifi.where())  # reads some hundred certificates: once is enough


def _web_address(address: str) -> URL:
    try:
        url = URL(address)
    except ValueError as error:
        raise FetchError("refused_address", f"not a web address: {error}") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise FetchError("refused_address", f"only http and https are fetched, not {url.scheme or address}:")
    return url


class Hops:
    """The way from the address that was asked for to the one that answers: where to go on, and with which cookies.

    Some sites set a cookie, redirect to the same address and want to see it there. It is forgotten with the answer.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._cookies: aiohttp.CookieJar | None = None

    def headers(self) -> dict[str, str]:
        if self._cookies is None:
            return {}
        cookies = self._cookies.filter_cookies(_web_address(self.address)).values()
        return {"Cookie": "; ".join(f"{each.key}={each.coded_value}" for each in cookies)} if cookies else {}

    def follow(self, response: aiohttp.ClientResponse) -> bool:
        """Go where the answer sends its client; False where it does not."""
        location = response.headers.get("Location")
        if not location or response.status not in REDIRECTS:
            return False
        if self._cookies is None:
            self._cookies = aiohttp.CookieJar(unsafe=True)  # hosts without a name may set some, too
        self._cookies.update_cookies(response.cookies, _web_address(self.address))
        self.address = urljoin(self.address, location)
        return True


def explained(error: Exception) -> tuple[str, str]:
    """The status word of a failed request, and a line that says what happened."""
    match error:
        case FetchError():
            return error.status, str(error)
        case TimeoutError():
            return "timeout", "no complete answer in time"
        case aiohttp.ClientSSLError():
            return "tls_error", _line(error.__cause__ or error)
        case aiohttp.ClientConnectorError():
            return "connect_error", _line(error.os_error)
        case aiohttp.ClientResponseError() if error.message.startswith(_FLOODS):
            return "too_large", "headers without end"
        case aiohttp.ClientResponseError():
            return "connect_error", f"not an answer in HTTP: {_line(error.message)}"
    return "connect_error", _line(error)


def _line(what: object) -> str:
    return " ".join(str(what).split()) or type(what).__name__
