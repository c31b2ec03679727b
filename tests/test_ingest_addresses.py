import pytest

from ingest.addresses import is_own_machine, is_public


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_on_the_internet_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "0.0.0.0", "255.255.255.255",
        "169.254.169.254",  # metadata of clouds, link-local
        "100.64.0.1",  # shared by the customers of a carrier
        "198.18.0.1", "192.0.0.1", "224.0.0.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "fec0::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_public_however_they_are_wrapped(address):
    assert not is_public(address)


def test_only_hosts_written_as_inside_are_our_own():
    assert all(map(is_own_machine, ["localhost", "127.0.0.1", "[::1]", "192.168.1.1"]))
    assert not any(map(is_own_machine, ["daily.example", "8.8.8.8"]))
