"""Content-Encoding undone with a limit on what comes out: a small answer can unpack to gigabytes."""

import io
import zlib
from collections.abc import Callable

from ingest.errors import FetchError

ACCEPTED = "gzip, deflate, br, zstd"
_CHUNK = 64 * 1024


def decode(raw: bytes, encodings: str, limit: int) -> bytes:
    """Undo `encodings` (a Content-Encoding header), the last one first.

    Raises FetchError: "too_large" as soon as more than `limit` bytes come out, "parse_error" for damaged data.
    An encoding nobody asked for leaves the bytes as they are: some servers label plain documents "utf-8".
    """
    for name in reversed([name.strip().lower() for name in encodings.split(",")]):
        if decoder := _DECODERS.get(name):
            try:
                raw = decoder(raw, limit)
            except FetchError:
                raise
            except Exception as error:  # each library raises its own kind, one of them plain Exception
                raise FetchError("parse_error", f"damaged {name} data: {error}") from None
    return raw


def check_size(size: int, limit: int) -> None:
    """Raise FetchError (`too_large`) where `size` is beyond `limit`, both in bytes."""
    if size > limit:
        raise FetchError("too_large", f"more than {limit // 1024} KB")


def _inflate(raw: bytes, limit: int, window_bits: int) -> bytes:
    decompressor = zlib.decompressobj(window_bits)
    unpacked = decompressor.decompress(raw, limit + 1)
    check_size(len(unpacked), limit)
    return unpacked


def _gzip(raw: bytes, limit: int) -> bytes:
    return _inflate(raw, limit, 16 + zlib.MAX_WBITS)


def _deflate(raw: bytes, limit: int) -> bytes:
    try:
        return _inflate(raw, limit, zlib.MAX_WBITS)
    except zlib.error:  # "deflate" is sent with and without the zlib header
        return _inflate(raw, limit, -zlib.MAX_WBITS)


def _brotli(raw: bytes, limit: int) -> bytes:
    import brotli

    decompressor = brotli.Decompressor()
    unpacked = bytearray(decompressor.process(raw, output_buffer_limit=_CHUNK))
    while not decompressor.is_finished():
        check_size(len(unpacked), limit)
        more = decompressor.process(b"", output_buffer_limit=_CHUNK)
        if not more and decompressor.can_accept_more_data():
            break  # cut off in transit: what came is still worth parsing
        unpacked += more
    return bytes(unpacked)


def _zstd(raw: bytes, limit: int) -> bytes:
    import zstandard

    with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(raw), read_across_frames=True) as reader:
        unpacked = reader.read(limit + 1)
    check_size(len(unpacked), limit)
    return unpacked


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate, "br": _brotli, "zstd": _zstd,
}  # fmt: skip
