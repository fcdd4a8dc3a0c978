"""The household's private link on paper: its text, and a square code that a phone reads."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any


def private_link_data(url: str) -> dict[str, Any]:
    """Return the link's text, its target and the code: for each row, its dark runs as [first module, length].

    Raises ValueError unless the link is an `http(s)` one: a document never carries another kind of link.
    """
    if not url.startswith(("https://", "http://")):
        raise ValueError("a private link starts with https:// or http://")
    import qrcode

    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0)
    code.add_data(url)
    code.make(fit=True)
    return {
        "text": url,
        "href": url,
        "code": [_dark_runs(row) for row in code.get_matrix()],
    }


def _dark_runs(row: Sequence[bool]) -> list[list[int]]:
    # Runs and not single squares: half the drawing, and no white hair between two dark squares.
    runs: list[list[int]] = []
    position = 0
    for dark, group in groupby(row):
        length = len(list(group))
        if dark:
            runs.append([position, length])
        position += length
    return runs
