"""Each way in which a server can fail, by name, against a real server on loopback."""

import gzip
import time
import zlib
from functools import partial
from itertools import chain

import brotli
import pytest
import zstandard

from ingest.errors import ConfigError, FetchError
from ingest.fetch import Settings, fetch_all
from tests.loopback import RSS, endless, hanging, packed, page, raw, serving, with_etag
from tests.requests import ask, fetch, requests


@pytest.fixture
def server():
    with serving() as running:
        yield running


def test_a_document_comes_with_its_validators(server):
    result = ask(server, page(200, RSS, ETag='"v1"', Last_Modified="Fri, 25 Oct 2019 12:00:00 GMT"))
    assert (result.status, result.body, result.etag) == ("ok", RSS, '"v1"')
    assert result.last_modified == "Fri, 25 Oct 2019 12:00:00 GMT"


def test_the_user_agent_says_who_asks(server):
    ask(server, page(200, RSS))
    assert server.asked["/feed"][0]["User-Agent"].startswith("Lianwatch/")


def test_a_conditional_request_is_answered_not_modified(server):
    result = ask(server, with_etag(RSS), etag='"v1"')
    assert (result.status, result.body, result.error) == ("not_modified", None, None)


def test_the_same_body_again_is_unchanged(server):
    known = ask(server, page(200, RSS)).body_hash
    assert ask(server, page(200, RSS), body_hash=known).status == "unchanged"


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("br", brotli.compress), ("zstd", zstandard.compress), ("deflate", zlib.compress)],
)
def test_every_accepted_encoding_is_unpacked(server, encoding, pack):
    assert ask(server, packed(RSS, encoding, pack)).body == RSS


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("br", partial(brotli.compress, quality=1)), ("zstd", zstandard.compress)],
)
def test_a_decompression_bomb_is_too_large(server, encoding, pack):
    assert ask(server, packed(bytes(50_000_000), encoding, pack)).status == "too_large"


def test_damaged_compression_is_a_parse_error(server):
    assert ask(server, page(200, b"not gzip at all", Content_Encoding="gzip")).status == "parse_error"


def test_an_endless_body_is_too_large(server):
    assert ask(server, endless).status == "too_large"


def test_a_flood_of_headers_is_too_large(server):
    few = b"".join(b"X-%d: y\r\n" % number for number in range(300))
    assert ask(server, raw(b"HTTP/1.1 200 OK\r\n" + few + b"\r\n")).status == "too_large"
    assert ask(server, raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 300_000)).status == "too_large"


def test_a_server_that_never_answers_times_out(server):
    assert ask(server, hanging, Settings(0.3, True)).status == "timeout"


def test_a_body_that_drips_times_out_in_all(server):
    drip = raw(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x"] * 50, pause=0.1)
    started = time.monotonic()
    assert ask(server, drip, Settings(0.5, True)).status == "timeout"
    assert time.monotonic() - started < 2


def test_headers_that_drip_time_out_in_all(server):
    drip = raw(b"HTTP/1.1 200 OK\r\n", *[b"X-A: b\r\n"] * 50, pause=0.1)
    assert ask(server, drip, Settings(0.5, True)).status == "timeout"


def test_a_connection_that_breaks_is_a_connect_error(server):
    assert ask(server, raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")).status == "connect_error"


def test_an_answer_that_is_not_http_is_a_connect_error(server):
    assert ask(server, raw(b"SSH-2.0-OpenSSH_9.2\r\n")).status == "connect_error"


def test_a_closed_port_is_a_connect_error():
    assert fetch("http://127.0.0.1:9/feed").status == "connect_error"


def test_plain_text_behind_https_is_a_tls_error(server):
    assert fetch(server.base.replace("http:", "https:") + "/feed").status == "tls_error"


@pytest.mark.parametrize(
    ("code", "status"),
    [(404, "not_found"), (403, "not_found"), (410, "gone"), (429, "rate_limited"), (500, "server_error"),
     (503, "server_error"), (300, "redirect_loop")],
)  # fmt: skip
def test_each_http_failure_has_its_word(server, code, status):
    result = ask(server, page(code))
    assert (result.status, result.http_status) == (status, code)
    assert str(code) in result.error


def test_headers_that_are_no_text_are_left_out(server):
    result = ask(server, raw(b'HTTP/1.1 200 OK\r\nETag: "\xff"\r\nContent-Type: \xfe\r\n\r\n' + RSS))
    assert (result.status, result.etag, result.content_type) == ("ok", None, None)


def test_nothing_waits_for_a_feed_that_hangs(server):
    server.answers |= {"/hang": hanging, "/feed": page(200, RSS)}
    urls = [server.base + "/hang", *(f"{server.base}/feed?{number}" for number in range(9))]
    started = time.monotonic()
    arrivals = fetch_all(requests(urls), Settings(1, True))
    early = 0
    while early < 9:
        early += len(next(arrivals))
    assert time.monotonic() - started < 0.9
    assert [result.status for result in chain.from_iterable(arrivals)] == ["timeout"]


def test_closing_the_results_ends_what_is_under_way(server):
    server.answers |= {"/hang": hanging, "/feed": page(200, RSS)}
    arrivals = fetch_all(requests([server.base + "/hang", server.base + "/feed"]), Settings(30, True))
    next(arrivals)
    started = time.monotonic()
    arrivals.close()
    assert time.monotonic() - started < 2


def test_being_offline_is_noticed_without_trying_every_feed():
    tried = []

    async def dead(host, port):
        tried.append(host)
        raise FetchError("dns_error", "no answer from the name server")

    urls = [f"http://feed{number}.example/" for number in range(300)]
    results = list(chain.from_iterable(fetch_all(requests(urls), Settings(2, resolve=dead))))
    assert {result.status for result in results} == {"dns_error"}
    assert len(results) == 300
    assert len(tried) <= 110


@pytest.mark.parametrize("text", ["soon", "0", "-5", "inf"])
def test_a_timeout_that_is_no_time_is_one_clear_line(monkeypatch, text):
    monkeypatch.setenv("LIANWATCH_FETCH_TIMEOUT", text)
    with pytest.raises(ConfigError, match="LIANWATCH_FETCH_TIMEOUT"):
        Settings.from_environment()
