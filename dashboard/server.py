"""The web server around the pages: security headers, and the addresses that are not pages.

`streamlit run dashboard/app.py` finds the application in `app.py`, which adds these routes and headers to it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from importlib import resources

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Route

from dashboard import alerts, login
from dashboard.browser import PLOTLY_PATH
from ingest.config import store_url
from ingest.store import open_store

WEEK_SECONDS = 7 * 24 * 3600

HEADERS = {
    "content-security-policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' ws: wss: data: blob:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    ),
    "x-frame-options": "SAMEORIGIN",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
"""Sent with every answer. Streamlit's own page needs inline scripts and styles, and Plotly compiles code; nothing may
come from, or go to, another host."""


class SecurityHeaders:
    """ASGI middleware that adds HEADERS to every HTTP answer that does not have them yet."""

    def __init__(self, app) -> None:
        self._app = app

    async def __call__(self, scope, receive, send) -> None:
        async def send_with_headers(message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                added = [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in present]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def plotly_js(request) -> Response:
    """The plotly.js inside the plotly package."""
    script = resources.files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()
    return Response(script, media_type="text/javascript", headers={"cache-control": f"max-age={WEEK_SECONDS}"})


async def moves(request) -> Response:
    """An Atom feed of what moved (`alerts.atom`); not where readers must log in, since a feed reader cannot."""
    if login.required():
        return Response(status_code=404)
    base = f"{request.url.scheme}://{request.url.netloc}/"
    feed = await run_in_threadpool(lambda: _moves(store_url(), open_store().data_version(), base))
    return Response(feed, media_type="application/atom+xml")


@lru_cache(maxsize=8)
def _moves(address: str, version: str, base: str) -> bytes:
    return alerts.atom(open_store(address), base)


@asynccontextmanager
async def lifespan(app) -> AsyncIterator[None]:
    """Begin to work ahead of readers once the server runs."""
    from dashboard import ahead, memory  # the pages: too much to load before the server answers

    memory.keep_small()
    ahead.start()
    yield


ROUTES = [Route(f"/{PLOTLY_PATH}", plotly_js), Route(f"/{alerts.PATH}", moves)]
MIDDLEWARE = [Middleware(SecurityHeaders)]
