"""A web server on loopback that answers each path as told, well or badly, and remembers what it was asked."""

import gzip
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["Handler"], None]

RSS = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Harbour Daily</title><link>https://daily.example/</link>
<item><title>Port tests a blockchain for bills of lading</title><link>https://daily.example/1</link>
<pubDate>Fri, 25 Oct 2019 20:00:00 +0800</pubDate></item>
<item><title>Ferries cancelled as the storm nears the coast</title><link>https://daily.example/2</link>
<pubDate>Fri, 25 Oct 2019 21:00:00 +0800</pubDate></item>
</channel></rss>"""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.close_connection = True
        self.server.asked[self.path].append(dict(self.headers))
        answer = self.server.answers.get(self.path.split("?")[0]) or page(404)
        try:
            answer(self)
        except (BrokenPipeError, ConnectionResetError):
            return  # the client has seen enough, as it should

    def log_message(self, *_):
        pass


class Loopback:
    """`server.answers["/feed"] = page(200, RSS)`; `server.asked["/feed"]` are the headers of each request."""

    def __init__(self, httpd: ThreadingHTTPServer) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: dict[str, list[dict]] = defaultdict(list)
        self.base = f"http://127.0.0.1:{httpd.server_port}"
        self.gate = threading.Event()
        httpd.answers, httpd.asked, httpd.gate = self.answers, self.asked, self.gate


@contextmanager
def serving() -> Iterator[Loopback]:
    ThreadingHTTPServer.request_queue_size = 128
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    server = Loopback(httpd)
    threading.Thread(target=httpd.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.gate.set()
        httpd.shutdown()
        httpd.server_close()


def page(status: int = 200, body: bytes = b"", **headers: str) -> Answer:
    """A plain answer; `headers` are named with underscores for hyphens."""

    def answer(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def with_etag(body: bytes, etag: str = '"v1"') -> Answer:
    """A server that knows conditional requests."""

    def answer(handler: Handler) -> None:
        known = handler.headers.get("If-None-Match") == etag
        (page(304, ETag=etag) if known else page(200, body, ETag=etag))(handler)

    return answer


def packed(body: bytes, encoding: str = "gzip", pack: Callable[[bytes], bytes] = gzip.compress) -> Answer:
    return page(200, pack(body), Content_Encoding=encoding)


def raw(*pieces: bytes, pause: float = 0) -> Answer:
    """Bytes as they are, status line included, `pause` seconds apart."""

    def answer(handler: Handler) -> None:
        for piece in pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()
            handler.server.gate.wait(pause)

    return answer


def hanging(handler: Handler) -> None:
    """Never answers (until the test ends)."""
    handler.server.gate.wait()


def endless(handler: Handler) -> None:
    """A body without end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n")
    while not handler.server.gate.is_set():
        handler.wfile.write(b"<item/>" * 10_000)
