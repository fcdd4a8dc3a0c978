"""Map tiles, read a part at a time: PMTiles is one file, of which a browser asks the bytes it needs
(RFC 9110, § 14)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import quote_etag

from atre.warehouse.folders import Folders

# Word of the address, file of the reference folder. The second is a user's own, if there is one.
FILES = {"communes": "communes.pmtiles", "fond": "background.pmtiles"}
CHUNK = 256 * 1024
# One range: PMTiles never asks for more, and a server may answer with the whole (§ 14.2).
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
A_DAY = 86_400
A_YEAR = 365 * A_DAY
Answer = TypeVar("Answer", bound=HttpResponseBase)


def path_of(folders: Folders, name: str) -> Path | None:
    """A map of this installation; None when there is none of that name."""
    path = folders.reference / FILES[name] if name in FILES else None
    return path if path is not None and path.is_file() else None


def stamp_of(path: Path) -> str:
    """What changes when the file does."""
    status = path.stat()
    return f"{status.st_mtime_ns:x}-{status.st_size:x}"


def answer(request: HttpRequest, path: Path) -> HttpResponseBase:
    """The file, or the part that the request asks: 200, 206, 304 or 416."""
    size, tag = path.stat().st_size, quote_etag(stamp_of(path))
    if tag in request.headers.get("If-None-Match", ""):
        return _with_headers(HttpResponse(status=304), request, path)
    asked = request.headers.get("Range", "")
    if request.headers.get("If-Range", tag) != tag:
        asked = ""
    wanted = RANGE.fullmatch(asked.strip())
    if wanted is None or wanted.groups() == ("", ""):
        return _sent(request, path, 0, size, 200)
    first, end = _bounds(wanted[1], wanted[2], size)
    if first >= end:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{size}"
        return refused
    response = _sent(request, path, first, end, 206)
    response["Content-Range"] = f"bytes {first}-{end - 1}/{size}"
    return response


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """Where the part begins, and where it ends, excluded; empty when it is outside the file."""
    if not first:
        return max(size - int(last), 0), size
    return int(first), min(int(last) + 1, size) if last else size


def _sent(request: HttpRequest, path: Path, first: int, end: int, status: int) -> HttpResponseBase:
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse(status=status)
    elif end - first <= CHUNK:
        # A tile is a few kilobytes: read at once, the worker is free sooner.
        response = HttpResponse(b"".join(_read(path, first, end)), status=status)
    else:
        response = StreamingHttpResponse(_read(path, first, end), status=status)
    response["Content-Length"] = str(end - first)
    return _with_headers(response, request, path)


def _with_headers(response: Answer, request: HttpRequest, path: Path) -> Answer:
    response["Content-Type"] = "application/octet-stream"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = quote_etag(stamp_of(path))
    named = request.GET.get("v") == stamp_of(path)
    response["Cache-Control"] = (
        f"public, max-age={A_YEAR}, immutable" if named else f"public, max-age={A_DAY}"
    )
    return response


def _read(path: Path, first: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        left = end - first
        while left > 0 and (part := file.read(min(CHUNK, left))):
            left -= len(part)
            yield part
