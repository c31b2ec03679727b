"""Where a name leads, and whether a feed may lead there: resolved and checked before anything connects.

A feed list and every redirect are input from strangers; without this check they could read the machine's own
services, its neighbours or a cloud's metadata address.
"""

import asyncio
import ipaddress
import socket
import threading

from ingest.errors import FetchError

LOOKUP_SECONDS = 4
"""A name server that has not answered by then is taken for dead; a resolver's own patience can be 20 s and more."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")


def is_public(address: str) -> bool:
    """Whether an IP address is out on the internet; an IPv4 address inside an IPv6 one is judged by itself."""
    ip = ipaddress.ip_address(address)
    if ip.version == 6 and (inner := _embedded(ip)):
        ip = inner
    if ip.version == 6 and ip not in _GLOBAL_UNICAST:
        return False
    return ip.is_global and not ip.is_multicast


def _embedded(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in _NAT64:
        return ipaddress.IPv4Address(ip.packed[-4:])
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


async def resolve(host: str, port: int) -> list[str]:
    """IP addresses of `host` (itself, where it is one) in the order to try them. Raises FetchError("dns_error").

    The lookup runs in a daemon thread: the system's resolver cannot be interrupted, and must not hold up the exit.
    """
    if is_ip(host):
        return [host]
    loop = asyncio.get_running_loop()
    answer: asyncio.Future = loop.create_future()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            outcome = answer.set_result, list(dict.fromkeys(entry[4][0] for entry in found))
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or "not a host name"
            outcome = answer.set_exception, FetchError("dns_error", f"{host}: {reason}")
        try:
            loop.call_soon_threadsafe(lambda: answer.done() or outcome[0](outcome[1]))
        except RuntimeError:  # the loop has ended: nobody waits for this answer
            return

    threading.Thread(target=look_up, daemon=True, name=f"lookup {host}").start()
    try:
        return await asyncio.wait_for(answer, LOOKUP_SECONDS)
    except TimeoutError:
        raise FetchError("dns_error", f"{host}: no answer from the name server") from None


def is_ip(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def refuse_private(host: str, addresses: list[str]) -> list[str]:
    """The public ones of `addresses`. Raises FetchError("refused_address") where none is."""
    public = [address for address in addresses if is_public(address)]
    if not public:
        allow = "LIANWATCH_ALLOW_PRIVATE_HOSTS=1 allows it"
        raise FetchError("refused_address", f"{host} is not on the public internet ({allow})")
    return public


def is_own_machine(host: str) -> bool:
    """Whether the host, as written, is this machine or its own network: there is nobody to be polite to."""
    try:
        return not is_public(host.strip("[]"))
    except ValueError:
        return host == "localhost"
