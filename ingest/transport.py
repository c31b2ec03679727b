"""How requests reach a host: its name is resolved once, its addresses are checked, and one of those is connected to."""

import ssl
from collections.abc import Awaitable, Callable
from functools import cache

import httpx

from ingest import addresses
from ingest.errors import FetchError


class Transport(httpx.AsyncBaseTransport):
    """Resolves and checks the host of every request, redirects included, and connects to the address it checked.

    Looking the name up once closes the gap in which it could be pointed elsewhere. Connections are not kept: they
    are pooled by address, and two hosts behind one address must not share one.
    """

    def __init__(self, resolve: Callable[[str, int], Awaitable[list[str]]], allow_private: bool) -> None:
        self._resolve, self._allow_private = resolve, allow_private
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        self._inner = httpx.AsyncHTTPTransport(verify=_certificates(), limits=limits)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.scheme not in ("http", "https"):
            raise FetchError("refused_address", f"only http and https are fetched, not {request.url.scheme}:")
        host = request.url.host
        found = await self._resolve(host, request.url.port or 0)
        if not self._allow_private:
            found = addresses.refuse_private(host, found)
        for number, address in enumerate(found, 1):
            try:
                return await self._inner.handle_async_request(_to_address(request, host, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if number == len(found):
                    raise
        raise FetchError("dns_error", f"{host}: the name has no address")

    async def aclose(self) -> None:
        await self._inner.aclose()


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()  # reads some hundred certificates: once is enough


def _to_address(request: httpx.Request, host: str, address: str) -> httpx.Request:
    # The Host header is set already; certificates are checked against the name, not the address.
    if host == address:
        return request
    extensions = {**request.extensions, "sni_hostname": host}
    url = request.url.copy_with(host=address)
    return httpx.Request(request.method, url, headers=request.headers, stream=request.stream, extensions=extensions)
