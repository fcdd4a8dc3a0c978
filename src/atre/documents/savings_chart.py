"""The chart of a measured saving: use before and after works, and what was expected without them.

Written as SVG, in the house's colours, with direct labels; what it shows is said in its title and in
its description. PNG is the same drawing, through Typst.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

import typst

from atre.documents.engine import DocumentError, confined_compiler

WIDTH, HEIGHT = 860, 420
LEFT, RIGHT, TOP, BOTTOM = 62, 20, 86, 52
INK, SOFT, EMBER, CALM, PAPER, EDGE = (
    "#2b2420", "#5c5049", "#a83c14", "#1d616b", "#fbf5ea", "#e6d8c1",
)  # fmt: skip
FONT = "Atkinson Hyperlegible Next, Atkinson Hyperlegible, sans-serif"
MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")  # fmt: skip
PIXELS_PER_INCH = 144


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Mean use per day over some days; None is unknown."""

    start: date
    end: date
    after_works: bool
    used_kwh_per_day: float | None
    expected_kwh_per_day: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsChart:
    """What is drawn. `title` is the chart's one message, `notes` lines under it."""

    title: str
    notes: tuple[str, ...]
    steps: Sequence[Step]
    works_start: date


def savings_svg(chart: SavingsChart) -> str:
    """The drawing as SVG text; it has no script, no outside font, no outside image."""
    body = "\n".join([*_frame(chart), *(_plot(chart) if chart.steps else [])])
    description = " ".join([chart.title, *chart.notes])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-labelledby="t d" '
        f'font-family="{FONT}">\n<title id="t">{escape(chart.title)}</title>\n'
        f'<desc id="d">{escape(description)}</desc>\n{body}\n</svg>\n'
    )


def savings_png(chart: SavingsChart) -> bytes:
    """The same drawing as a PNG of 1720 pixels wide. Raises DocumentError when Typst refuses it."""
    source = (
        f"#set page(width: {WIDTH}pt, height: {HEIGHT}pt, margin: 0pt)\n"
        '#image(bytes(sys.inputs.drawing), format: "svg", width: 100%)\n'
    )
    try:
        png = confined_compiler().compile(
            input=source.encode(),
            format="png",
            ppi=PIXELS_PER_INCH,
            sys_inputs={"drawing": savings_svg(chart)},
        )
    except typst.TypstError as error:
        raise DocumentError(f"savings chart: {error.message}") from None
    if not isinstance(png, bytes):
        raise DocumentError("savings chart: expected one page")
    return png


def _frame(chart: SavingsChart) -> list[str]:
    lines = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>']
    lines.append(_text(LEFT - 42, 30, chart.title, size=18, weight=600))
    lines += [
        _text(LEFT - 42, 51 + 17 * place, note, size=13, fill=SOFT)
        for place, note in enumerate(chart.notes)
    ]
    return lines


def _plot(chart: SavingsChart) -> list[str]:
    first = min(step.start for step in chart.steps)
    last = max(step.end for step in chart.steps)
    values = [
        value
        for step in chart.steps
        for value in (step.used_kwh_per_day, step.expected_kwh_per_day)
        if value is not None
    ]
    top = _round_up(max([*values, 1e-9]))
    scale = _Scale(first, max((last - first).days, 1), top)
    lines = [*_axes(scale, first, last, top)]
    for is_after, colour in ((False, SOFT), (True, EMBER)):
        steps = [step for step in chart.steps if step.after_works is is_after]
        lines.append(_path(scale, steps, "expected_kwh_per_day", CALM, dashed=True))
        lines.append(_path(scale, steps, "used_kwh_per_day", colour))
    x = scale.x(chart.works_start)
    if first <= chart.works_start <= last:
        lines.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="{INK}"/>'
        )
        lines.append(_text(x + 5, TOP + 12, "Travaux", size=13, weight=600))
    return [*lines, *_labels()]


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    days: int
    top: float

    def x(self, day: date) -> float:
        return LEFT + (day - self.first).days / self.days * (WIDTH - LEFT - RIGHT)

    def y(self, kwh_per_day: float) -> float:
        return HEIGHT - BOTTOM - kwh_per_day / self.top * (HEIGHT - TOP - BOTTOM)


def _axes(scale: _Scale, first: date, last: date, top: float) -> list[str]:
    lines = []
    for part in range(5):
        value = top * part / 4
        y = scale.y(value)
        lines.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{EDGE}"/>'
        )
        lines.append(_text(LEFT - 6, y + 4, _plain_number(value), size=12, fill=SOFT, anchor="end"))
    lines.append(_text(LEFT - 42, TOP - 8, "kWh par jour", size=12, fill=SOFT))
    month = date(first.year, first.month, 1)
    every = 1 if (last - first).days < 400 else 3
    while month < last:
        if month >= first and (month.month - 1) % every == 0:
            x = scale.x(month)
            label = MONTHS[month.month - 1]
            if month.month == 1:
                label += f" {month.year}"
            lines.append(_text(x, HEIGHT - BOTTOM + 18, label, size=12, fill=SOFT))
        month = (month + timedelta(days=32)).replace(day=1)
    return lines


def _path(
    scale: _Scale, steps: Sequence[Step], value: str, colour: str, *, dashed: bool = False
) -> str:
    """A line in steps; a hole where a value is unknown."""
    parts: list[str] = []
    end_of_last: date | None = None
    for step in sorted(steps, key=lambda one: one.start):
        height = getattr(step, value)
        if height is None:
            end_of_last = None
            continue
        left, right, y = scale.x(step.start), scale.x(step.end), scale.y(height)
        verb = "L" if end_of_last == step.start else "M"
        parts.append(f"{verb}{left:.1f} {y:.1f}L{right:.1f} {y:.1f}")
        end_of_last = step.end
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return (
        f'<path d="{"".join(parts)}" fill="none" stroke="{colour}" stroke-width="2.2"'
        f' stroke-linejoin="round"{dash}/>'
        if parts
        else ""
    )


def _labels() -> list[str]:
    """Each line is named where the eye ends; dashes and words carry the meaning, not the colour."""
    y = HEIGHT - 12
    items = (
        (SOFT, "", "Mesuré avant les travaux"),
        (EMBER, "", "Mesuré après les travaux"),
        (CALM, ' stroke-dasharray="5 4"', "Attendu, à météo égale, sans travaux"),
    )
    lines = []
    for place, (colour, dash, words) in enumerate(items):
        x = LEFT + place * 240
        lines.append(
            f'<line x1="{x}" x2="{x + 26}" y1="{y - 4}" y2="{y - 4}" stroke="{colour}" '
            f'stroke-width="2.2"{dash}/>'
        )
        lines.append(_text(x + 32, y, words, size=13))
    return lines


def _text(
    x: float,
    y: float,
    words: str,
    *,
    size: int,
    fill: str = INK,
    weight: int = 400,
    anchor: str = "start",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" fill="{fill}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )


def _round_up(value: float) -> float:
    """The next 1, 2, 4, 6 or 8 times a power of ten: four equal parts then read easily."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if value <= step * power)


def _plain_number(value: float) -> str:
    return f"{value:g}".replace(".", ",")
