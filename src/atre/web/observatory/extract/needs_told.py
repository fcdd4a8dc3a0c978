"""Chapters of what is emitted and lacked: greenhouse gases, incomes and energy poverty, certificates."""

import unicodedata
from collections.abc import Sequence
from math import fsum

from atre.documents.territory_extract import Chapter, Exhibit
from atre.warehouse.catalogue import CATALOGUE
from atre.warehouse.figures import Figure
from atre.web.design.formatting import number, percent, spaced
from atre.web.observatory import words
from atre.web.observatory.by_commune import ByCommune, by_commune
from atre.web.observatory.extract.citing import Citations, exhibit, known_fr, share_bars
from atre.web.observatory.extract.figures_told import NOTHING, by_year, chapter, largest_of, valued
from atre.web.observatory.reading import Reading
from atre.web.observatory.showing import year_fr
from atre.web.observatory.telling import CLASSES, WORST

# Beyond, the list of communes is a file to download, not a page to read.
MOST_COMMUNES = 80
NEEDS = ("median_income", "poverty_rate", "energy_poverty_share", "energy_poverty_households")
BY_COMMUNE = {
    "median_income": "Niveau de vie médian (€ par an)",
    "poverty_rate": "Taux de pauvreté",
    "energy_poverty_share": "Précarité énergétique (estimation)",
}


def emissions(reading: Reading, cited: Citations) -> Chapter:
    """The inventory by sector, what of it is an allocation; the emissions of the energy consumed."""
    exhibits = []
    barred = CATALOGUE["emissions"].bars_follow_up
    inside = [one for one in reading.latest("emissions") if one.category is None]
    inside.sort(key=lambda one: -(one.value or 0))
    total = reading.total("emissions")
    if inside:
        labels = [words.sector_fr(one.sector) for one in inside]
        rows = [
            [
                label,
                *valued(one, total, largest_of(inside)),
                "répartition nationale" if one.sector in barred else "local",
            ]
            for label, one in zip(labels, inside, strict=True)
        ]
        exhibits.append(
            exhibit(
                cited, f"Inventaire par secteur, {year_fr(inside[0].year)}",
                ("Secteur", "Émissions", "Part", "Nature"), rows, inside, about=total, align="lrrl",
                bars=share_bars(labels, inside),
            )
        )  # fmt: skip
    notes = ("L’inventaire territorial des émissions n’a pas été reçu pour ce territoire.",)
    if inside:
        names = ", ".join(words.sector_fr(sector).lower() for sector in barred)
        notes = (
            f"Secteurs répartis d’après des clés nationales : {names}. Ils situent un ordre de "
            "grandeur ; ils ne peuvent ni suivre ni évaluer une action du territoire.",
        )
    spent = [one for one in reading.totals if one.indicator == "consumption_emissions"]
    if any(one.value is not None for one in spent):
        exhibits.append(by_year(cited, "Émissions de l’énergie consommée", spent, [], str))
    return chapter("emissions", exhibits, notes)


def incomes(reading: Reading, cited: Citations) -> Chapter:
    """Incomes, poverty and its estimate: known for how many communes, with bands; then by commune."""
    found = [one for key in NEEDS if (one := reading.total(key)) is not None]
    if not found:
        return chapter("revenus", [])
    several = len(reading.place.territory.communes) > 1
    rows = [
        [
            spaced(CATALOGUE[one.indicator].title_fr),
            year_fr(one.year),
            _whole_fr(one, several),
            words.bounds_fr(one) or NOTHING,
            known_fr(one) or NOTHING,
        ]
        for one in found
    ]
    columns = ["Indicateur", "Année", "Valeur", "Fourchette", "Communes"]
    title, align, widths = "Ce que l’on sait de l’ensemble", "lrlll", [1.7, 0, 1.2, 1.3, 1.3]
    if not several:
        columns, rows = columns[:-1], [row[:-1] for row in rows]
        title, align, widths = "Ce que l’on sait", align[:-1], widths[:-1]
    exhibits = [exhibit(cited, title, columns, rows, found, align=align, widths=widths)]
    communes = len(reading.place.territory.communes)
    if several and communes <= MOST_COMMUNES:
        exhibits += _by_commune(reading, cited, found)
    return chapter("revenus", exhibits)


def _whole_fr(figure: Figure, several: bool) -> str:
    if figure.value is None and several:
        return "par commune seulement"
    return words.value_fr(figure)


def _by_commune(reading: Reading, cited: Citations, found: Sequence[Figure]) -> list[Exhibit]:
    kept = [one for one in found if one.indicator in BY_COMMUNE]
    listed = [
        by_commune(reading.place, one.indicator, one.year, _cut_of(one.indicator)) for one in kept
    ]
    if not listed:
        return []
    columns = ("Commune", *(BY_COMMUNE[one.indicator.key] for one in listed))
    rows = [
        [line.name, *(_line_fr(one, place) for one in listed)]
        for place, line in enumerate(listed[0].lines)
    ]
    rows.sort(key=lambda row: _plain(row[0]))
    return [
        exhibit(
            cited, "Commune par commune", columns, rows, kept, widths=(1.4, *[1.0] * len(listed))
        )
    ]


def _plain(name: str) -> str:
    """As a French list is sorted: « Évenos » with the E."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _cut_of(key: str) -> dict[str, str]:
    return {"category": "tee"} if key == "energy_poverty_share" else {}


def _line_fr(listed: ByCommune, place: int) -> str:
    """« 21 340 », « 9,2 % (de 7,1 à 11,8) », « secret », « — »."""
    line = listed.lines[place]
    if line.value is None:
        return "secret" if line.text == "secret" else NOTHING
    decimals = 1 if line.unit == "%" else 0
    text = number(line.value, decimals) + ("\u00a0%" if line.unit == "%" else "")
    if line.bounds and line.lower is not None and line.upper is not None:
        text += f" (de\u00a0{number(line.lower, decimals)} à\u00a0{number(line.upper, decimals)})"
    return text


def certificates(reading: Reading, cited: Citations) -> Chapter:
    """Energy performance classes, and how many are F or G."""
    latest = {one.category: one for one in reading.latest("dpe_count")}
    wanted = [latest[name] for name in CLASSES if name in latest]
    if not wanted:
        return chapter("dpe", [])
    known = [one.value for one in wanted if one.value is not None]
    worst = [latest[name].value for name in WORST if name in latest]
    notes: tuple[str, ...] = ()
    if len(known) == len(CLASSES) and fsum(known) and None not in worst:
        share = fsum(value for value in worst if value is not None) / fsum(known)
        notes = (
            f"{percent(share)} des {number(fsum(known))} diagnostics connus sont en classe F ou G.",
        )
    labels = [words.category_fr(one.category) for one in wanted]
    rows = [
        [label, *valued(one, latest.get(None))] for label, one in zip(labels, wanted, strict=True)
    ]
    columns = ("Classe", "Diagnostics", "Part")
    shown = exhibit(
        cited, "Diagnostics par classe", columns, rows, wanted, about=latest.get(None),
        bars=share_bars(labels, wanted),
    )  # fmt: skip
    return chapter("dpe", [shown], notes)
