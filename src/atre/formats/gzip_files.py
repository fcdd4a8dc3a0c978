"""A file compressed with gzip, read as it unpacks: never written, never whole in memory, and no
further than a bound, since a megabyte can announce a thousand."""

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, cast

from atre.formats.reading import Format, Part, UnreadableFile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

GZIP_MARK = b"\x1f\x8b"
# A territory's year of half hours is some hundred megabytes.
MAX_UNPACKED_BYTES = 2 * 1024**3
DAMAGED_FR = "Ce fichier compressé (gzip) est abîmé ou coupé : téléchargez-le de nouveau."
HUGE_FR = (
    f"Ce fichier compressé (gzip) fait plus de {MAX_UNPACKED_BYTES // 1024**3} Go une fois "
    "décompressé : découpez-le."
)


class _Unpacked(io.RawIOBase):
    def __init__(self, packed: BinaryIO) -> None:
        self._unpacking = gzip.GzipFile(fileobj=packed, mode="rb")
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        try:
            found = self._unpacking.read(len(view))
        except (gzip.BadGzipFile, EOFError, zlib.error) as fault:
            raise UnreadableFile(DAMAGED_FR) from fault
        self._given += len(found)
        if self._given > MAX_UNPACKED_BYTES:
            raise UnreadableFile(HUGE_FR)
        view[: len(found)] = found
        return len(found)


def unpacked(packed: BinaryIO) -> BinaryIO:
    """What a gzip stream holds, as a stream. Reading it raises UnreadableFile when the gzip is
    damaged, or beyond `MAX_UNPACKED_BYTES`.

    >>> unpacked(io.BytesIO(gzip.compress(b"date,kwh"))).read()
    b'date,kwh'
    """
    return cast(BinaryIO, io.BufferedReader(_Unpacked(packed), 256 * 1024))


def read_unpacked(known: Format) -> Format:
    r"""The same format, whose `read` takes the gzip stream and unpacks it on the way.

    >>> from atre.formats.recognition import recognise
    >>> daily = b"date,kwh\n2024-01-01,12\n"
    >>> packed = read_unpacked(recognise(daily)).read(io.BytesIO(gzip.compress(daily)))
    >>> next(packed).rows["kwh"].to_pylist()
    [12.0]
    """

    def read(packed: BinaryIO) -> Iterator[Part]:
        yield from known.read(unpacked(packed))

    return replace(known, read=read)
