"""Numbered sources, given as they are first used, and what is said under a table."""

from collections.abc import Sequence

from atre.documents.territory_extract import Bar, Citation, Exhibit
from atre.warehouse.catalogue import CATALOGUE
from atre.warehouse.figures import Figure
from atre.warehouse.publishers import PUBLISHERS, UNSTATED_FR
from atre.warehouse.sources.receipts import Receipt
from atre.web.design.formatting import NBSP, spaced
from atre.web.observatory import words

METHOD_PAGE = "docs/explanation/observatoire.md"
SECTIONS = {
    "population": "Population",
    "dwellings": "Logements",
    "main_dwellings": "Logements",
    "degree_days": "Climat",
    "heating_degree_days": "Climat",
    "consumption": "Consommation",
    "consumption_corrected": "Consommation",
    "sites": "Consommation",
    "production": "Production",
    "installed_power": "Production",
    "installations": "Production",
    "emissions": "Émissions",
    "pollutant_emissions": "Émissions",
    "consumption_emissions": "Émissions de l’énergie consommée",
    "median_income": "Revenus",
    "poverty_rate": "Revenus",
    "decile_1": "Revenus",
    "decile_9": "Revenus",
    "tax_households": "Ménages fiscaux",
    "dpe_count": "Diagnostics",
    "energy_poverty_share": "Précarité énergétique",
    "energy_poverty_households": "Précarité énergétique",
}


class Citations:
    """The sources used so far, in the order of their first use."""

    def __init__(self, received: Sequence[Receipt]) -> None:
        self._received = received
        self._years: dict[str, set[int]] = {}
        self._sections: dict[str, dict[str, None]] = {}

    def numbers(self, figures: Sequence[Figure]) -> tuple[int, ...]:
        """The numbers of the sources of these figures."""
        for one in figures:
            self._years.setdefault(one.source, set()).update([one.year] if one.year else [])
            self._sections.setdefault(one.source, {})[SECTIONS[one.indicator]] = None
        order = list(self._years)
        return tuple(sorted({order.index(one.source) + 1 for one in figures}))

    def listed(self) -> tuple[Citation, ...]:
        """Every source used."""
        return tuple(self._citation(number, source) for number, source in enumerate(self._years, 1))

    def _citation(self, number: int, source: str) -> Citation:
        known = PUBLISHERS.get(source)
        files = [one for one in self._received if one.format == source]
        dataset = known.dataset_fr if known else ""
        sections = ", ".join(f"«{NBSP}{title}{NBSP}»" for title in self._sections[source])
        return Citation(
            number=number,
            producer=known.short_fr if known else source,
            title=dataset or (files[0].title_fr if files else source),
            vintage=years_fr(self._years[source]),
            licence=(known.licence_fr if known else "") or UNSTATED_FR,
            files=tuple(one.name for one in files),
            method=f"{METHOD_PAGE}, {sections}",
        )


def years_fr(years: set[int]) -> str:
    """« 2021 », « 2020 à 2024 », « 2017, 2022 et 2023 »."""
    known = sorted(years)
    if not known:
        return "année non dite par le fichier"
    if len(known) > 2 and known[-1] - known[0] == len(known) - 1:
        return f"{known[0]} à {known[-1]}"
    *firsts, end = map(str, known)
    return f"{', '.join(firsts)} et {end}" if firsts else end


def exhibit(
    cited: Citations,
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    figures: Sequence[Figure],
    *,
    about: Figure | None = None,
    align: str = "",
    widths: Sequence[float] = (),
    bars: Sequence[Bar] = (),
    bars_are_years: bool = False,
) -> Exhibit:
    """A table with what must be said of its figures: flags, secret share, communes known, cautions.

    `about`: their total, which says what is lacking of them; None where each line says it.
    """
    cautions = dict.fromkeys(
        spaced(caution) for one in figures for caution in CATALOGUE[one.indicator].cautions_fr
    )
    return Exhibit(
        title=title,
        columns=tuple(columns),
        rows=tuple(tuple(row) for row in rows),
        align=align or "l" + "r" * (len(columns) - 1),
        widths=tuple(widths) or (1.0, *[0.0] * (len(columns) - 1)),
        statement=statement_fr(figures, about),
        citations=cited.numbers(figures),
        cautions=tuple(cautions),
        bars=tuple(bars),
        bars_are_years=bars_are_years,
    )


def statement_fr(figures: Sequence[Figure], about: Figure | None) -> str:
    """« Donnée publiée ou estimée ; 3 % des données élémentaires sont secrètes ; connu pour… »"""
    flags = " ou ".join(dict.fromkeys(words.flag_fr(one.flag) for one in figures))
    parts = (
        f"Donnée {flags}",
        words.secret_fr(about.secret_share) if about else "",
        known_fr(about) if about else "",
        "total donné par le producteur" if all(one.as_published for one in figures) else "",
    )
    return f"{f'{NBSP}; '.join(part for part in parts if part)}."


def known_fr(figure: Figure) -> str:
    """« connu pour 46 communes sur 51 », said too when all are known; empty for one commune."""
    if figure.territories <= 1:
        return ""
    said = words.known_fr(figure)
    return said or f"connu pour les {words.number(figure.territories)} communes"


def share_bars(labels: Sequence[str], figures: Sequence[Figure]) -> list[Bar]:
    """One bar a figure; none is drawn when one is negative or when fewer than two are known."""
    known = [one.value for one in figures if one.value is not None]
    if len(known) < 2 or min(known) < 0 or max(known) <= 0:
        return []
    largest = max(known)
    return [
        Bar(
            label,
            None if one.value is None else one.value / largest,
            words.value_fr(one, largest),
        )
        for label, one in zip(labels, figures, strict=True)
    ]
