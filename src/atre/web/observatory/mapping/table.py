"""The table that says what the map shows: the same communes, figures and classes, a page at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from django.urls import reverse
from django.utils.http import urlencode
from numpy.typing import NDArray

from atre.domain.territories.names import normalise
from atre.web.design.formatting import number
from atre.web.observatory.mapping.question import Question
from atre.web.observatory.mapping.values import FLAGS_FR, PARTIAL, SECRET, Choropleth
from atre.web.observatory.words import CUTS

A_PAGE = 50
BY_NAME, BY_VALUE, FROM_TOP = "nom", "valeur", "-valeur"
SORTS = (FROM_TOP, BY_VALUE, BY_NAME)


@dataclass(frozen=True)
class Line:
    """One commune."""

    code: str
    name: str
    url: str
    text: str
    bounds: str
    flag: str
    rows_url: str


@dataclass(frozen=True)
class Page:
    """Some lines of the table, and the way to the others."""

    lines: list[Line]
    number: int
    last: int
    total: int
    sort: str


def page(found: Choropleth, *, sort: str, asked: str) -> Page:
    """A page of the table; the nearest one to what is asked."""
    sort = sort if sort in SORTS else FROM_TOP
    last = max(1, -(-found.codes.size // A_PAGE))
    wanted = int(asked) if asked.isdecimal() and len(asked) < 6 else 1
    current = min(max(wanted, 1), last)
    rows = order(found, sort)[(current - 1) * A_PAGE : current * A_PAGE]
    rows_url = rows_url_of(found.question)
    lines = [line(found, int(row), rows_url) for row in rows]
    return Page(lines, current, last, found.codes.size, sort)


@lru_cache(maxsize=24)
def order(found: Choropleth, sort: str) -> NDArray[np.int64]:
    """Rows of a map in the order asked; what has no value comes last, whichever way."""
    names = sorting_names(found)
    if sort == BY_NAME:
        return np.argsort(names, kind="stable")
    values = -found.values if sort == FROM_TOP else found.values
    return np.lexsort((names, values))


@lru_cache(maxsize=8)
def sorting_names(found: Choropleth) -> NDArray[np.str_]:
    """Names as a dictionary orders them: without accents or capitals."""
    return np.asarray([normalise(name) for name in found.names], dtype=str)


def line(found: Choropleth, row: int, rows_url: Callable[[str], str]) -> Line:
    """One commune of a map, in words."""
    code, letter = str(found.codes[row]), str(found.flags[row])
    return Line(
        code=code,
        name=str(found.names[row]),
        url=reverse("observatory_territory", kwargs={"place": "commune", "code": code}),
        text=text(found, row),
        bounds=bounds(found, row),
        flag=FLAGS_FR[letter],
        rows_url=rows_url(code),
    )


def text(found: Choropleth, row: int) -> str:
    """« 12,3 », « au moins 12,3 », « secret », « inconnu »."""
    value, letter = float(found.values[row]), str(found.flags[row])
    if np.isnan(value):
        return "secret" if letter == SECRET else "inconnu"
    shown = number(value, found.decimals)
    return f"au moins {shown}" if letter == PARTIAL else shown


def bounds(found: Choropleth, row: int) -> str:
    low, high = float(found.lower[row]), float(found.upper[row])
    if not low < high:
        return ""
    return f"entre {number(low, found.decimals)} et {number(high, found.decimals)}"


def rows_url_of(question: Question) -> Callable[[str], str]:
    """The address of the rows behind the figure of a commune."""
    asked: dict[str, Any] = {"indicateur": question.indicator.key}
    if question.year is not None:
        asked["annee"] = question.year
    cut = dict(question.cut)
    asked |= {word: cut[name] for word, name in CUTS.items() if name in cut}
    words = urlencode(asked)

    def of(code: str) -> str:
        path = reverse("observatory_rows", kwargs={"place": "commune", "code": code})
        return f"{path}?{words}"

    return of
