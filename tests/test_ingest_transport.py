"""Where a request may go: names, addresses and redirects, against a real server on loopback."""

import pytest

from ingest import addresses
from ingest.errors import FetchError
from ingest.fetch import Settings
from tests.loopback import RSS, endless, page, serving
from tests.requests import ask, fetch


@pytest.fixture
def server():
    with serving() as running:
        yield running


def test_a_name_that_does_not_exist_is_a_dns_error():
    async def unknown(host, port):
        raise FetchError("dns_error", f"{host}: Name or service not known")

    assert fetch("http://daily.example/feed", Settings(2, resolve=unknown)).status == "dns_error"


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
