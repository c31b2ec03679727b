"""The web server around the pages: security headers, and the addresses that are not pages.

`streamlit run dashboard/app.py` finds the application in `app.py`, which adds these routes and headers to it.
"""

from importlib import resources

from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Route

from dashboard.browser import PLOTLY_PATH

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


ROUTES = [Route(f"/{PLOTLY_PATH}", plotly_js)]
MIDDLEWARE = [Middleware(SecurityHeaders)]
