"""The reference page of the rules, written from the parameter files themselves."""

from collections.abc import Iterable, Mapping

from atre.calc.parameters.model import DatedValue, Parameter, PersonsTable
from atre.calc.parameters.words import CONFIDENCE_FR, NAMES_FR, UNITS_FR
from atre.calc.wording import NO_BREAK, date_fr, number_fr, persons_fr

# A year is written without a space between its thousands.
YEAR_UNITS = ("campaign_year", "income_year")

_HEAD = """# Les règles datées

Cette page est écrite par `./atre rules page` à partir des fichiers de
`src/atre/calc/parameters/values/` ; un test vérifie qu’elle est à jour. Ne la modifiez pas à la main.

Chaque valeur a une période, une source et un degré de confiance. Un dossier est jugé avec les
valeurs du jour de son dépôt. Avant la première période connue et après la dernière, la réponse est
« inconnu » : aucune valeur n’est prolongée.
"""


def rules_page(parameters: Mapping[str, Parameter]) -> str:
    """The whole page in Markdown, in French, one section a parameter.

    >>> from atre.calc.parameters.loading import all_parameters
    >>> key = "energy_poverty.tee_threshold"
    >>> page = rules_page({key: all_parameters()[key]})
    >>> [row] = [line for line in page.splitlines() if "0,08" in line]
    >>> row.replace(NO_BREAK, " ").split(" | ")[:3]
    ['| depuis le 1er janvier 2016', '0,08', 'haute']
    """
    return "\n".join([_HEAD, *(_section(found) for found in parameters.values())])


def value_fr(value: DatedValue) -> str:
    """A value on one line, in words.

    >>> from datetime import date
    >>> from atre.calc.parameters.loading import parameter
    >>> value_fr(parameter("energy.gas.kwh_pcs_per_kwh_pci", on=date(2026, 1, 1)))
    '1,111'
    """
    if isinstance(value.value, bool):
        return "oui" if value.value else "non"
    if value.unit in YEAR_UNITS:
        return f"{value.number:.0f}"
    if isinstance(value.value, tuple):
        return ", ".join(NAMES_FR.get(name, name) for name in value.value) or "aucun"
    if isinstance(value.value, PersonsTable):
        table = value.value
        amounts = [
            f"{persons_fr(size)} {number_fr(amount)}"
            for size, amount in enumerate(table.persons, start=1)
        ]
        return "; ".join([*amounts, f"par personne en plus {number_fr(table.per_extra_person)}"])
    if isinstance(value.value, Mapping):
        return "; ".join(
            f"{NAMES_FR.get(name, name)} {_number(number)}" for name, number in value.value.items()
        )
    return _number(value.value)


def period_fr(value: DatedValue) -> str:
    """The period of validity in words; no bound is invented where none is known.

    >>> from datetime import date
    >>> from atre.calc.parameters.loading import all_parameters
    >>> opened = all_parameters()["mpr.ampleur.deposit_open"].values
    >>> [period_fr(value).replace(NO_BREAK, " ") for value in (opened[1], opened[-1])]
    ['du 23 juin 2025 au 29 septembre 2025', 'depuis le 23 février 2026']
    """
    start, end = value.valid_from, value.valid_to
    if start is None and end is None:
        return "convention sans date"
    if start is None:
        return f"jusqu’au {date_fr(end)}" if end else ""
    if end is None:
        return f"depuis le {date_fr(start)}"
    return f"du {date_fr(start)} au {date_fr(end)}"


def _section(found: Parameter) -> str:
    lines = [
        f"## `{found.key}`",
        "",
        f"{found.label_fr}. Unité{NO_BREAK}: {UNITS_FR[found.unit]}.",
        "",
        "| Période | Valeur | Confiance | Source |",
        "|---|---|---|---|",
        *_rows(found.values),
        "",
    ]
    notes = [f"{period_fr(value)} : {value.note_fr}" for value in found.values if value.note_fr]
    return "\n".join([*lines, *(f"Remarque, {note}\n" for note in notes)])


def _rows(values: Iterable[DatedValue]) -> Iterable[str]:
    for value in values:
        confidence = CONFIDENCE_FR[value.confidence]
        yield (
            f"| {period_fr(value)} | {value_fr(value)} | {confidence} | {value.source.line_fr} |"
        )


def _number(number: float) -> str:
    text = f"{number:.10f}".rstrip("0").rstrip(".")
    decimals = len(text.split(".")[1]) if "." in text else 0
    return number_fr(number, decimals)
