"""The square code on paper is the one a phone reads."""

import qrcode

from atre.documents.private_link import private_link_data

LINK = "https://agence.example/suivi/7Kq2mVb9TzLxW4cR8NfHdPj3"


def test_dark_runs_rebuild_the_code_module_for_module():
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0)
    code.add_data(LINK)
    matrix = code.get_matrix()

    runs = private_link_data(LINK)["code"]

    rebuilt = [[False] * len(matrix) for _ in matrix]
    for y, row in enumerate(runs):
        for first, length in row:
            rebuilt[y][first : first + length] = [True] * length
    assert rebuilt == [[bool(dark) for dark in row] for row in matrix]


def test_the_target_is_the_link_unchanged_while_its_text_may_break():
    data = private_link_data(LINK)

    assert data["href"] == data["text"] == LINK
