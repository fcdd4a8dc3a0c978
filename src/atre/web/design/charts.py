"""Geometry of the quiet charts: percentages of a drawing that stretches, so that text never shrinks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from atre.web.design import formatting

SECRET = "secret statistique"


@dataclass(frozen=True)
class Bar:
    """One bar: `width` in per cent of the drawing, None when the value is unknown or secret."""

    label: str
    text: str
    width: str | None
    note: str = ""
    offset: str = "0"
    shade: int = 1


def rows_of(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """`(label, value)` pairs or mappings, as mappings with label, value, note and secret."""
    full = []
    for row in rows:
        if isinstance(row, Mapping):
            full.append({"note": "", "secret": False, **row})
        else:
            label, value, *rest = row
            full.append(
                {"label": label, "value": value, "note": rest[0] if rest else "", "secret": False}
            )
    return full


def worded(row: Mapping[str, Any], unit: str, decimals: int) -> str:
    if row["secret"]:
        return SECRET
    return formatting.quantity(row["value"], unit, decimals)


def share_of(value: float, whole: float) -> str:
    """Per cent with one decimal, as an SVG length without its sign; 0 when there is no whole."""
    return f"{100 * value / whole:.1f}" if whole else "0"


def bars(
    rows: Iterable[Any], unit: str, decimals: int, maximum: float | None, target: float | None
) -> tuple[list[Bar], str | None]:
    """Bars on one scale starting at zero, and where the target stands. Negative values are refused."""
    full = rows_of(rows)
    known = [float(r["value"]) for r in full if r["value"] is not None and not r["secret"]]
    if any(value < 0 for value in known):
        raise ValueError("a bar chart starts at zero: negative values need another drawing")
    top = maximum or max([*known, target or 0], default=0)
    drawn = [
        Bar(
            label=str(row["label"]),
            text=worded(row, unit, decimals),
            width=None
            if row["value"] is None or row["secret"]
            else share_of(float(row["value"]), top),
            note=str(row["note"]),
        )
        for row in full
    ]
    return drawn, share_of(target, top) if target is not None else None


def shares(rows: Iterable[Any], unit: str, decimals: int) -> list[Bar]:
    """Parts of one whole, side by side; a whole with an unknown part cannot be drawn as shares."""
    full = rows_of(rows)
    if any(row["value"] is None or row["secret"] for row in full):
        return [Bar(str(r["label"]), worded(r, unit, decimals), None) for r in full]
    whole = sum(float(row["value"]) for row in full)
    before, drawn = 0.0, []
    for index, row in enumerate(full):
        value = float(row["value"])
        part = formatting.percent(value / whole) if whole else ""
        drawn.append(
            Bar(
                label=str(row["label"]),
                text=worded(row, unit, decimals),
                width=share_of(value, whole),
                note=part,
                offset=share_of(before, whole),
                shade=index % 6 + 1,
            )
        )
        before += value
    return drawn


@dataclass(frozen=True)
class Point:
    label: str
    text: str
    x: str
    y: str | None
    known: bool
    labelled: bool = False
    anchor: str = "middle"


@dataclass(frozen=True)
class Line:
    name: str
    points: list[Point]
    paths: list[str]
    shade: int
    label_y: str
    end_text: str


# Room kept above and below the curve, in per cent of the height.
TOP, BOTTOM = 8.0, 94.0
# Two lines of a label, in per cent of a drawing 200 px high.
LABEL_GAP = 23.0


def lines(
    series: Sequence[Mapping[str, Any]], unit: str, decimals: int, target: float | None
) -> tuple[list[Line], str | None]:
    """Curves on one scale starting at zero. A missing month breaks the curve, it is not drawn as 0."""
    values = [float(v) for s in series for _, v in s["points"] if v is not None]
    top = max([*values, target or 0], default=0) or 1.0

    def height(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * value / top

    drawn = [line_of(one, index, unit, decimals, height) for index, one in enumerate(series)]
    spread = apart([float(line.label_y) for line in drawn])
    drawn = [replace(line, label_y=f"{y:.1f}") for line, y in zip(drawn, spread, strict=True)]
    return drawn, f"{height(target):.1f}" if target is not None else None


def line_of(one: Mapping[str, Any], index: int, unit: str, decimals: int, height: Any) -> Line:
    last = len(one["points"]) - 1
    points: list[Point] = []
    paths: list[list[str]] = []
    run: list[str] = []
    for position, (label, value) in enumerate(one["points"]):
        x = 100 * position / last if last else 50.0
        y = None if value is None else height(float(value))
        if y is None:
            paths.append(run)
            run = []
        else:
            run.append(f"{x:.2f},{y:.2f}")
        points.append(
            Point(
                label=str(label),
                text=formatting.quantity(value, unit, decimals),
                x=f"{x:.2f}",
                y=None if y is None else f"{y:.2f}",
                known=y is not None,
                labelled=position in {0, last, last // 2 if last > 3 else last},
                anchor="start" if position == 0 else "end" if position == last else "middle",
            )
        )
    paths.append(run)
    known = [p for p in points if p.known]
    return Line(
        name=str(one["name"]),
        points=points,
        paths=[" ".join(run) for run in paths if len(run) > 1],
        shade=index % 6 + 1,
        label_y=known[-1].y or "0" if known else f"{BOTTOM:.1f}",
        end_text=known[-1].text if known else formatting.UNKNOWN,
    )


def apart(heights: Sequence[float], gap: float = LABEL_GAP) -> list[float]:
    """The same heights pushed down just enough that labels do not cover each other."""
    order = sorted(range(len(heights)), key=lambda index: heights[index])
    placed = list(heights)
    for above, below in pairwise(order):
        placed[below] = max(placed[below], placed[above] + gap)
    return placed
