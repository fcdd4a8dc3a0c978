"""The household's private link on paper: its text, and a square code that a phone reads."""

from typing import Any

import qrcode


def private_link_data(url: str) -> dict[str, Any]:
    """Return the link's text, its target and the code's modules, row by row (1 is dark).

    Raises ValueError unless the link is an `http(s)` one: a document never carries another kind of link.
    """
    if not url.startswith(("https://", "http://")):
        raise ValueError("a private link starts with https:// or http://")
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0)
    code.add_data(url)
    code.make(fit=True)
    return {
        "text": url,
        "href": url,
        "code": [[int(dark) for dark in row] for row in code.get_matrix()],
    }
