"""Requests to a server on loopback (`tests.loopback`), as the ingester makes them."""

from itertools import chain

from ingest.fetch import Settings, fetch_all
from ingest.model import FetchRequest

SETTINGS = Settings(total_seconds=2, allow_private=True, max_bytes=200_000)


def requests(urls):
    return [FetchRequest(url, url) for url in urls]


def fetch(url: str, settings=SETTINGS, **known):
    [result] = chain.from_iterable(fetch_all([FetchRequest(url, url, **known)], settings))
    return result


def ask(server, answer, settings=SETTINGS, **known):
    server.answers["/feed"] = answer
    return fetch(server.base + "/feed", settings, **known)
