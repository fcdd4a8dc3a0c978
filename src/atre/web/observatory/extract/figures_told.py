"""Chapters of what is counted: people and dwellings, energy consumed and produced."""

from collections.abc import Callable, Sequence

from atre.documents.territory_extract import Bar, Chapter, Exhibit
from atre.warehouse.figures import Figure
from atre.warehouse.indicators import Flag
from atre.web.design.formatting import NBSP, number
from atre.web.observatory import words
from atre.web.observatory.extract.choices import CHAPTERS
from atre.web.observatory.extract.citing import Citations, exhibit, known_fr, share_bars
from atre.web.observatory.reading import MUNICIPAL, Reading, last
from atre.web.observatory.showing import year_fr
from atre.web.observatory.telling import OCCUPANCY, TYPES

NOTHING, NO_FILE = "—", "Aucun fichier reçu ne parle de ce territoire pour ce chapitre."
# A sheet upright holds six years of figures beside their names.
MOST_YEARS = 6


def population(reading: Reading, cited: Citations) -> Chapter:
    """Legal populations, dwellings by occupancy and type, degree days."""
    exhibits = []
    people = sorted(reading.people, key=lambda one: (one.category != MUNICIPAL, -(one.year or 0)))
    if people:
        rows = [
            [words.category_fr(one.category), year_fr(one.year), words.value_fr(one), known_fr(one)]
            for one in people
        ]
        columns = ["Population", "Année", "Nombre", "Communes"]
        if len(reading.place.territory.communes) < 2:
            columns, rows = columns[:-1], [row[:-1] for row in rows]
        align = "lrrl"[: len(columns)]
        said = exhibit(cited, "Population légale", columns, rows, people, align=align)
        exhibits.append(said)
    exhibits += _dwellings(reading, cited)
    days = reading.total("degree_days")
    if days is not None:
        rows = [["Degrés-jours de chauffage conventionnels", words.value_fr(days)]]
        exhibits.append(
            exhibit(cited, "Rigueur de l’hiver", ("Repère", "Valeur"), rows, [days], about=days)
        )
    return chapter("population", exhibits)


def _dwellings(reading: Reading, cited: Citations) -> list[Exhibit]:
    latest = reading.latest("dwellings")
    whole = next((one for one in latest if one.category is None), None)
    groups = (*OCCUPANCY, *TYPES)
    parts = [one for names in groups for one in latest if one.category in names]
    if whole is None or not parts:
        return []
    labels = [words.category_fr(one.category) for one in parts]
    rows = [[label, *valued(one, whole)] for label, one in zip(labels, parts, strict=True)]
    rows.append(["Ensemble des logements", words.value_fr(whole), ""])
    title = f"Logements en {year_fr(whole.year)}"
    columns = ("Logements", "Nombre", "Part")
    return [exhibit(cited, title, columns, rows, [*parts, whole], about=whole)]


def valued(figure: Figure, whole: Figure | None, largest: float | None = None) -> list[str]:
    """A value and its share of a whole, where both are known; in the unit of the `largest`."""
    if figure.value is None or whole is None or not whole.value:
        return [words.value_fr(figure, largest), NOTHING]
    return [words.value_fr(figure, largest), words.share_fr(figure.value / whole.value)]


def largest_of(figures: Sequence[Figure]) -> float | None:
    """The largest known value, whose unit the others are read in."""
    return max((one.value for one in figures if one.value is not None), default=None)


def state_fr(figure: Figure) -> str:
    """« publiée », « publiée, 23 % de secret »."""
    said = words.flag_fr(figure.flag)
    if figure.secret_share <= 0:
        return said
    return f"{said}, {words.share_fr(figure.secret_share)} de secret"


def by_year(
    cited: Citations,
    title: str,
    totals: Sequence[Figure],
    parts: Sequence[Figure],
    label_of: Callable[[Figure], str],
) -> Exhibit:
    """A line a part and a column a year, totals at the foot; the chart is that of the totals."""
    years = sorted({one.year for one in totals if one.year is not None})[-MOST_YEARS:]
    shown = [one for one in totals if one.year in years] or list(totals)
    parts = [one for one in parts if one.year in years or not years]
    largest = largest_of(shown)
    unit, size = scale_of(largest, totals[0].unit)
    decimals = words.decimals_of((largest or 0) / size) if size > 1 else 0
    columns: list[int | None] = [*years] or [None]

    def line(label: str, figures: Sequence[Figure]) -> list[str]:
        found = {one.year: one for one in figures}
        return [label, *(cell_fr(found.get(year), size, decimals) for year in columns)]

    labels = dict.fromkeys(label_of(one) for one in parts)
    rows = [line(label, [p for p in parts if label_of(p) == label]) for label in labels]
    rows.append(line("Ensemble", shown))
    known = [one.value or 0 for one in shown]
    bars = [
        Bar(year_fr(one.year), None if one.value is None else one.value / max(known), cell_fr(one, size, decimals))
        for one in shown
    ] if len(shown) > 1 and max(known) > 0 else []  # fmt: skip
    return exhibit(
        cited, f"{title}, en {unit}", ("", *map(year_fr, columns)), rows, [*parts, *shown],
        about=last(shown), bars=bars, bars_are_years=True,
    )  # fmt: skip


# A total of ten thousand leaves its small parts readable.
DETAIL = 10


def scale_of(largest: float | None, unit: str) -> tuple[str, float]:
    """The unit in which parts are read beside their total, and how many of the first it holds."""
    return words.scale_of(None if largest is None else largest / DETAIL, unit)


def cell_fr(figure: Figure | None, size: float, decimals: int) -> str:
    """A value in the unit of the title: « 12,3 », « au moins 12,3 », « secret », « — »."""
    if figure is None:
        return NOTHING
    if figure.value is None:
        return "secret" if figure.flag is Flag.SECRET else "inconnu"
    shown = number(figure.value / size, decimals)
    if figure.value and not figure.value / size >= 10**-decimals / 2:
        shown = f"moins de {number(10**-decimals, decimals)}"
    return f"au moins{NBSP}{shown}" if words.is_partial(figure) else shown


def production(reading: Reading, cited: Citations) -> Chapter:
    """What is produced and what could be, by way of producing."""
    exhibits = []
    for key, title in (("production", "Énergie produite"), ("installed_power", "Puissance installée")):  # fmt: skip
        found = [one for one in reading.latest(key) if one.value != 0]
        found.sort(key=lambda one: -(one.value or 0))
        if not found:
            continue
        labels = [words.category_fr(one.category) for one in found]
        rows = [
            [
                label,
                words.value_fr(one),
                state_fr(one),
            ]
            for label, one in zip(labels, found, strict=True)
        ]
        said = f"{title}, {year_fr(found[0].year)}"
        exhibits.append(
            exhibit(
                cited, said, ("Filière", "Valeur", "État"), rows, found, align="lrl",
                about=reading.total(key, found[0].year), bars=share_bars(labels, found),
            )
        )  # fmt: skip
    return chapter("production", exhibits)


def chapter(key: str, exhibits: Sequence[Exhibit], notes: tuple[str, ...] = ()) -> Chapter:
    """A chapter, which says so when there is nothing to show."""
    return Chapter(CHAPTERS[key], tuple(exhibits), notes, "" if exhibits else NO_FILE)
