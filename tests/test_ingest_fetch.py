"""Each way in which a server can fail, by name, against a real server on loopback."""

import gzip
import time
import zlib
from functools import partial
from itertools import chain

import brotli
import pytest
import zstandard

from ingest import addresses
from ingest.errors import ConfigError, FetchError
from ingest.fetch import Settings, fetch_all
from ingest.model import FetchRequest
from tests.loopback import RSS, endless, hanging, packed, page, raw, serving, with_etag

SETTINGS = Settings(total_seconds=2, allow_private=True, max_bytes=200_000)


@pytest.fixture
def server():
    with serving() as running:
        yield running


def requests(urls):
    return [FetchRequest(url, url) for url in urls]


def fetch(url: str, settings=SETTINGS, **known):
    [result] = chain.from_iterable(fetch_all([FetchRequest(url, url, **known)], settings))
    return result


def ask(server, answer, settings=SETTINGS, **known):
    server.answers["/feed"] = answer
    return fetch(server.base + "/feed", settings, **known)


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


def test_a_name_that_does_not_exist_is_a_dns_error():
    async def unknown(host, port):
        raise FetchError("dns_error", f"{host}: Name or service not known")

    assert fetch("http://daily.example/feed", Settings(2, resolve=unknown)).status == "dns_error"


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


def test_a_permanent_redirect_is_remembered(server):
    server.answers["/new"] = page(200, RSS)
    result = ask(server, page(301, Location="/new"))
    assert (result.status, result.moved_to, result.body) == ("moved", server.base + "/new", RSS)


def test_a_temporary_redirect_is_followed_and_not_remembered(server):
    server.answers["/now"] = page(301, Location="/new")
    server.answers["/new"] = page(200, RSS)
    result = ask(server, page(302, Location="/now"))
    assert (result.status, result.moved_to, result.address) == ("ok", None, server.base + "/new")


def test_redirects_in_a_circle_are_a_redirect_loop(server):
    assert ask(server, page(302, Location="/feed")).status == "redirect_loop"


def test_a_cookie_set_by_a_redirect_is_brought_along_and_then_forgotten(server):
    def wall(handler):
        welcome = "ok=1" in handler.headers.get("Cookie", "")
        (page(200, RSS) if welcome else page(302, Location="/feed", Set_Cookie="ok=1; Path=/"))(handler)

    assert [ask(server, wall).status for _ in range(2)] == ["ok", "ok"]
    assert ["Cookie" in headers for headers in server.asked["/feed"]] == [False, True, False, True]


def test_credentials_in_an_address_are_sent(server):
    server.answers["/feed"] = page(200, RSS)
    fetch(server.base.replace("//", "//reader:secret@") + "/feed")
    assert server.asked["/feed"][0]["Authorization"].startswith("Basic ")


def test_headers_that_are_no_text_are_left_out(server):
    result = ask(server, raw(b'HTTP/1.1 200 OK\r\nETag: "\xff"\r\nContent-Type: \xfe\r\n\r\n' + RSS))
    assert (result.status, result.etag, result.content_type) == ("ok", None, None)


def test_the_body_of_a_redirect_is_not_read(server):
    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: /new\r\n\r\n")
        endless(handler)

    server.answers["/new"] = page(200, RSS)
    assert ask(server, answer).status == "ok"


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://daily.example/feed", "gopher://daily.example/"])
def test_a_redirect_out_of_the_web_is_refused(server, target):
    assert ask(server, page(302, Location=target)).status == "refused_address"


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "10.0.0.1", "169.254.169.254", "100.64.0.1", "localhost",
                                  "[::ffff:127.0.0.1]", "0x7f000001", "2130706433", "0.0.0.0"])  # fmt: skip
def test_private_addresses_are_refused(host):
    assert fetch(f"http://{host}:9/feed", Settings(2)).status == "refused_address"


def test_a_name_that_leads_to_a_private_address_is_refused():
    async def inside(host, port):
        return ["10.1.2.3"]

    assert fetch("http://daily.example/feed", Settings(2, resolve=inside)).status == "refused_address"


def test_a_redirect_to_a_private_address_is_refused(server, monkeypatch):
    async def outside_then_inside(host, port):
        return ["127.0.0.1"] if host == "127.0.0.1" else ["192.168.1.1"]

    # The first hop has to be let through to be tested at all: the check is swapped, not the client.
    settings = Settings(2, allow_private=False, resolve=outside_then_inside)
    monkeypatch.setattr(addresses, "is_public", lambda address: address == "127.0.0.1")
    assert ask(server, page(302, Location="http://intranet.example/"), settings).status == "refused_address"


def test_a_name_is_looked_up_once_and_the_checked_address_is_used(server):
    lookups = []

    async def rebinding(host, port):
        lookups.append(host)
        return ["127.0.0.1"] if len(lookups) == 1 else ["10.0.0.1"]

    server.answers["/feed"] = page(200, RSS)
    port = server.base.rsplit(":", 1)[1]
    result = fetch(f"http://daily.example:{port}/feed", Settings(2, True, resolve=rebinding))
    assert (result.status, lookups) == ("ok", ["daily.example"])
    assert server.asked["/feed"][0]["Host"] == f"daily.example:{port}"


def test_a_second_address_is_tried_when_the_first_does_not_answer(server):
    async def two(host, port):
        return ["127.0.0.2", "127.0.0.1"]  # the server listens on the second only

    server.answers["/feed"] = page(200, RSS)
    url = server.base.replace("127.0.0.1", "daily.example") + "/feed"
    assert fetch(url, Settings(2, True, resolve=two)).status == "ok"


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
