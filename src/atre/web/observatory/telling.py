"""A territory told from top to bottom: who lives there, what is consumed, produced, emitted, lacked."""

from collections.abc import Sequence
from dataclasses import dataclass

from atre.warehouse.catalogue import CATALOGUE
from atre.warehouse.figures import Figure
from atre.web.design.formatting import NBSP, number, percent
from atre.web.observatory import words
from atre.web.observatory.places import department_of
from atre.web.observatory.reading import MUNICIPAL, Reading, per_inhabitant
from atre.web.observatory.showing import (
    BarChart,
    Provenance,
    Shown,
    bar_chart,
    provenance,
    rows_url,
    shown,
    with_share,
    year_fr,
)

OCCUPANCY = ({"main", "occupancy:main"}, {"secondary", "occupancy:secondary"}, {"vacant", "occupancy:vacant"})  # fmt: skip
TYPES = ({"houses", "type:house"}, {"flats", "type:flat"})
CLASSES = tuple(f"dpe:{letter}" for letter in "ABCDEFG")
WORST = ("dpe:F", "dpe:G")
IN_LABEL = {"habitants", "logements"}
TOLD = frozenset(
    {
        "population",
        "dwellings",
        "degree_days",
        "consumption",
        "consumption_corrected",
        "production",
        "installed_power",
        "emissions",
        "pollutant_emissions",
        "median_income",
        "poverty_rate",
        "energy_poverty_share",
        "energy_poverty_households",
        "dpe_count",
    }
)


@dataclass(frozen=True)
class Stat:
    """One of the few figures to start with."""

    label: str
    value: str | None
    unit: str
    note: str
    source: str


def key_figures(reading: Reading) -> list[Stat]:
    """What a meeting starts with, each with its year and its source."""
    population, spent = reading.population(), reading.total("consumption")
    each = per_inhabitant(spent, reading.population(spent.year if spent else None))
    found = [
        _stat("Habitants", population, "population municipale"),
        _stat("Logements", reading.total("dwellings")),
        _stat("Énergie consommée", spent, words.BASES_FR[reading.basis]),
    ]
    if spent is not None and each is not None:
        origin = provenance(reading.place, [spent], cautions=False)
        found.append(
            Stat(
                "Énergie par habitant",
                number(each),
                "kWh",
                f"{minimum_fr(spent)}en {year_fr(spent.year)}",
                origin.source if origin else "",
            )
        )
    found.append(_stat("Part des ménages en précarité énergétique", reading.total("energy_poverty_share"), "estimation"))  # fmt: skip
    return [one for one in found if one.value is not None]


def minimum_fr(figure: Figure) -> str:
    return "un minimum, " if words.is_partial(figure) else ""


def _stat(label: str, figure: Figure | None, note: str = "") -> Stat:
    if figure is None or figure.value is None:
        return Stat(label, None, "", note, "")
    least = "un minimum" if words.is_partial(figure) else ""
    parts = (note, year_fr(figure.year), least, words.known_fr(figure), words.bounds_fr(figure))
    said = ", ".join(part for part in parts if part)
    value, _, unit = words.quantity_fr(figure.value, figure.unit).rpartition(NBSP)
    shown_unit = "" if unit in IN_LABEL else unit
    return Stat(label, value, shown_unit, said, words.publishers_fr(figure))


@dataclass(frozen=True)
class People:
    populations: list[Shown]
    origin: Provenance | None
    occupancy: BarChart | None
    types: BarChart | None
    dwellings: Shown | None
    degree_days: Shown | None


def people(reading: Reading) -> People:
    """Populations by kind and year, dwellings by occupancy and by type, degree days."""
    place = reading.place
    whole = [one for one in reading.people if one.known == one.territories]
    found = sorted(
        whole or reading.people, key=lambda one: (one.category != MUNICIPAL, -(one.year or 0))
    )
    return People(
        populations=shown(place, found, lambda one: words.category_fr(one.category)),
        origin=provenance(place, found),
        occupancy=_dwellings(reading, "Logements habités et vacants", OCCUPANCY),
        types=_dwellings(reading, "Maisons et appartements", TYPES),
        dwellings=_alone(reading, "dwellings", "Logements"),
        degree_days=_degree_days(reading),
    )


def _degree_days(reading: Reading) -> Shown | None:
    """Said of a department: its rows are there, and there are none where several are weighed."""
    line = _alone(reading, "degree_days", "Degrés-jours de chauffage")
    if line is None or line.figure is None:
        return None
    department = department_of(reading.place)
    url = rows_url(department, line.figure) if department else ""
    return Shown(line.label, line.figure, url)


def _alone(reading: Reading, key: str, label: str) -> Shown | None:
    figure = reading.total(key)
    return None if figure is None else shown(reading.place, [figure], lambda _: label)[0]


def _dwellings(reading: Reading, title: str, classes: Sequence[set[str]]) -> BarChart | None:
    latest = reading.latest("dwellings")
    wanted = [one for names in classes for one in latest if one.category in names]
    if not wanted:
        return None
    whole = next((one for one in latest if one.category is None), None)
    first = max(wanted, key=lambda one: one.value or 0)
    if whole is not None and whole.value and first.value is not None:
        share = words.share_fr(first.value / whole.value)
        title = f"{title} : {share} {words.of_fr(words.category_fr(first.category).lower())}"
    lines = shown(reading.place, wanted, lambda one: words.category_fr(one.category))
    return bar_chart(
        title, [with_share(line, whole) for line in lines], provenance(reading.place, wanted)
    )


def production(reading: Reading) -> list[BarChart]:
    """What is produced and what could be, by way of producing."""
    charts = []
    for key, title in (("production", "Énergie produite"), ("installed_power", "Puissance installée")):  # fmt: skip
        found = [one for one in reading.latest(key) if one.value != 0]
        found.sort(key=lambda one: -(one.value or 0))
        if found:
            lines = shown(reading.place, found, lambda one: words.category_fr(one.category))
            said = f"{title}, {year_fr(found[0].year)}"
            about = reading.total(key, found[0].year)
            charts.append(bar_chart(said, lines, provenance(reading.place, found, about=about)))
    return charts


@dataclass(frozen=True)
class Emissions:
    chart: BarChart
    outside: list[Shown]
    barred: str


def emissions(reading: Reading) -> Emissions | None:
    """By sector; what is outside the total apart; what may not follow a local action."""
    found = reading.latest("emissions")
    inside = [one for one in found if one.category is None]
    if not inside:
        return None
    inside.sort(key=lambda one: -(one.value or 0))
    barred = CATALOGUE["emissions"].bars_follow_up
    lines = [
        Shown(line.label, line.figure, line.rows_url, "répartition" if line.figure and line.figure.sector in barred else "")
        for line in shown(reading.place, inside, lambda one: words.sector_fr(one.sector))
    ]  # fmt: skip
    total = reading.total("emissions")
    title = f"{words.headline_fr(total)} émises" if total else "Émissions par secteur"
    outside = [one for one in found if one.category is not None and one.value is not None]
    return Emissions(
        chart=bar_chart(title, lines, provenance(reading.place, inside, about=total)),
        outside=shown(reading.place, outside, lambda one: words.category_fr(one.category)),
        barred=", ".join(words.sector_fr(sector).lower() for sector in barred),
    )


def pollutants(reading: Reading) -> list[Shown]:
    """Pollutants of the air, each apart: a tonne of one is not a tonne of another."""
    found = [one for one in reading.latest("pollutant_emissions") if one.value is not None]
    return shown(reading.place, found, words.cut_fr)


@dataclass(frozen=True)
class Income:
    """An income or a poverty: `several` when the communes have one each and no sum."""

    key: str
    line: Shown
    known: str
    several: bool
    origin: Provenance | None
    year: int | None
    households: Shown | None


def incomes(reading: Reading) -> list[Income]:
    """Incomes, poverty and its estimate, each with what is known of it and its own caution."""
    found = []
    for key in ("median_income", "poverty_rate", "energy_poverty_share"):
        figure = reading.total(key)
        if figure is None:
            continue
        households = None
        if key == "energy_poverty_share":
            households = _alone(reading, "energy_poverty_households", "Ménages")
        found.append(
            Income(
                key=key,
                line=shown(reading.place, [figure], lambda one: CATALOGUE[one.indicator].title_fr)[
                    0
                ],
                known=words.known_fr(figure),
                several=figure.territories > 1 and figure.value is None,
                origin=provenance(reading.place, [figure]),
                year=figure.year,
                households=households,
            )
        )
    return found


def certificates(reading: Reading) -> BarChart | None:
    """Energy performance classes, and how many are F or G."""
    found = {one.category: one for one in reading.latest("dpe_count")}
    wanted = [found[name] for name in CLASSES if name in found]
    if not wanted:
        return None
    known = {one.category: one.value for one in wanted if one.value is not None}
    total, title = sum(known.values()), "Classes des diagnostics"
    if len(known) == len(CLASSES) and total:
        share = percent(sum(known[name] for name in WORST) / total)
        title = f"{share} des diagnostics sont en classe F ou G, sur {number(total)}"
    whole = found.get(None)
    lines = shown(reading.place, wanted, lambda one: words.category_fr(one.category))
    return bar_chart(
        title,
        [with_share(line, whole) for line in lines],
        provenance(reading.place, wanted, about=whole),
    )


def others(reading: Reading) -> list[Shown]:
    """Indicators that no section tells, in their last year: nothing that is built is kept unseen."""
    found = []
    for key, one in CATALOGUE.items():
        figure = reading.total(key) if key not in TOLD else None
        if figure is not None:
            title = f"{one.title_fr}{NBSP}: {year_fr(figure.year)}"
            found.append(shown(reading.place, [figure], lambda _, t=title: t)[0])
    return found
