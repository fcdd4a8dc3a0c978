"""Whether a visit document can be true: its shape first, then what no schema can say."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from atre.calc.wording import NO_BREAK, date_fr
from atre.domain.visits import catalogue, schemas
from atre.domain.visits.faults import Fault, Path

if TYPE_CHECKING:
    import jsonschema

LONGEST_BILL_DAYS = 400
EARLIEST = date(1990, 1, 1)
NUL = "\x00"


def validate(document: dict[str, Any], *, today: date) -> list[Fault]:
    """The faults of a document, in its order; empty when it may be kept.

    Unknown (null) is never a fault. `today` bounds what cannot be in the future.
    """
    errors = sorted(
        schemas.validator().iter_errors(document), key=lambda e: [str(s) for s in e.absolute_path]
    )
    # A date that is no date breaks two rules of the schema: one sentence is enough.
    first_of_each = {tuple(error.absolute_path): error for error in reversed(errors)}
    faults = [
        Fault(path, f"{_name(error)}{NO_BREAK}: {_sentence(error)}")
        for path, error in reversed(first_of_each.items())
    ]
    if faults:
        # The rules below read a document of the right shape.
        return faults
    return [
        *_nul_characters(document),
        *_visit_day(document, today),
        *_bounds(document),
        *_bills(document),
    ]


def bill_period(bill: dict[str, Any]) -> tuple[date, date] | None:
    """The two days printed on the bill; None unless both are known.

    They are kept and shown as they were typed: a bill « du 28 février au 28 mars » reads so on
    every screen and in the report. Only the calculation interprets them: it counts from one day to
    the other, the last one left to the next bill (`calc.bills.coverage`, which also reads bills
    printed « du 1er au 31, puis du 1er au 30 » as following each other).
    """
    if bill["start"] is None or bill["end"] is None:
        return None
    return date.fromisoformat(bill["start"]), date.fromisoformat(bill["end"])


def bill_name_fr(rank: int, bill: dict[str, Any]) -> str:
    """« facture 2 (électricité, du 1er mars 2025 au 1er mai 2025) »; `rank` counts from 0."""
    words = [f"facture {rank + 1}"]
    details = []
    if bill["energy"] is not None:
        details.append(catalogue.BILLED[bill["energy"]].lower())
    if period := bill_period(bill):
        details.append(f"du {date_fr(period[0])} au {date_fr(period[1])}")
    if details:
        words.append(f"({', '.join(details)})")
    return " ".join(words)


def _name(error: "jsonschema.ValidationError") -> str:
    return f"« {schemas.name_fr(error.absolute_path)} »" if error.absolute_path else "Le document"


def _sentence(error: "jsonschema.ValidationError") -> str:
    return SENTENCES.get(str(error.validator), lambda e: "cette valeur n’est pas possible.")(error)


def _pattern(error: "jsonschema.ValidationError") -> str:
    if str(error.instance).startswith(("-", "−")):
        return "une valeur négative n’est pas possible."
    if error.schema.get("format") == "date":
        return "écrivez une date complète."
    return "écrivez un nombre, trois décimales au plus."


SENTENCES: dict[str, "Callable[[jsonschema.ValidationError], str]"] = {
    "pattern": _pattern,
    "format": lambda e: "cette date n’existe pas ou n’est pas complète.",
    "enum": lambda e: "choisissez dans la liste.",
    "maximum": lambda e: f"au plus {e.validator_value}.",
    "minimum": lambda e: (
        "une valeur négative n’est pas possible."
        if e.validator_value == 0
        else f"au moins {e.validator_value}."
    ),
    "maxLength": lambda e: f"{e.validator_value} signes au plus.",
    "maxItems": lambda e: f"{e.validator_value} lignes au plus.",
    "required": lambda e: "il manque une partie du document.",
    "additionalProperties": lambda e: "une information inconnue de ce formulaire est présente.",
    "const": lambda e: "cette version de formulaire n’est pas connue.",
    "type": lambda e: "cette valeur n’est pas de la bonne sorte.",
}


def _leaves(part: Any, path: Path = ()) -> Iterable[tuple[Path, Any]]:
    if isinstance(part, dict):
        for name, inner in part.items():
            yield from _leaves(inner, (*path, name))
    elif isinstance(part, list):
        for rank, inner in enumerate(part):
            yield from _leaves(inner, (*path, rank))
    else:
        yield path, part


def _nul_characters(document: dict[str, Any]) -> Iterable[Fault]:
    for path, value in _leaves(document):
        if isinstance(value, str) and NUL in value:
            yield Fault(path, f"« {schemas.name_fr(path)} » contient un signe illisible.")


def _visit_day(document: dict[str, Any], today: date) -> Iterable[Fault]:
    visited_on = date.fromisoformat(document["visited_on"])
    if visited_on > today:
        yield Fault(("visited_on",), "La date de la visite est dans le futur.")
    elif visited_on < EARLIEST:
        yield Fault(("visited_on",), "La date de la visite est trop ancienne : vérifiez l’année.")


def _bounds(document: dict[str, Any]) -> Iterable[Fault]:
    """Decimals are strings: their bounds stand in the schema as x-min and x-max."""
    for path, value in _leaves(document):
        if not isinstance(value, str):
            continue
        field = schemas.field_schema(path)
        low, high = field.get("x-min"), field.get("x-max")
        if low is not None and Decimal(value) < low:
            yield Fault(path, f"« {schemas.name_fr(path)} »{NO_BREAK}: au moins {low}.")
        if high is not None and Decimal(value) > high:
            yield Fault(path, f"« {schemas.name_fr(path)} »{NO_BREAK}: au plus {high}.")


def _bills(document: dict[str, Any]) -> Iterable[Fault]:
    visited_on = date.fromisoformat(document["visited_on"])
    for rank, bill in enumerate(document["bills"]):
        yield from _one_bill(rank, bill, visited_on)
    yield from _overlaps(document["bills"])


def _one_bill(rank: int, bill: dict[str, Any], visited_on: date) -> Iterable[Fault]:
    name = bill_name_fr(rank, bill).capitalize()
    for field in ("start", "end"):
        if bill[field] is not None and date.fromisoformat(bill[field]) > visited_on:
            yield Fault(
                ("bills", rank, field), f"{name}{NO_BREAK}: la période va au-delà de la visite."
            )
    if period := bill_period(bill):
        if period[1] <= period[0]:
            yield Fault(("bills", rank, "end"), f"{name}{NO_BREAK}: la fin vient avant le début.")
        elif period[1] - period[0] > timedelta(days=LONGEST_BILL_DAYS):
            yield Fault(
                ("bills", rank, "end"),
                f"{name}{NO_BREAK}: plus de {LONGEST_BILL_DAYS} jours. Saisissez une ligne par "
                "facture.",
            )
    if bill["quantity"] is not None and bill["unit"] is None:
        yield Fault(("bills", rank, "unit"), f"{name}{NO_BREAK}: précisez l’unité.")
    energy, unit = bill["energy"], bill["unit"]
    if energy is not None and unit is not None and unit not in catalogue.UNITS_OF[energy]:
        allowed = " ou ".join(catalogue.CHOICES["unit"][u] for u in catalogue.UNITS_OF[energy])
        yield Fault(("bills", rank, "unit"), f"{name}{NO_BREAK}: comptez en {allowed}.")
    if bill["kwh_per_m3"] is not None and (energy, unit) != ("natural_gas", "m3"):
        yield Fault(
            ("bills", rank, "kwh_per_m3"),
            f"{name}{NO_BREAK}: le coefficient ne vaut que pour du gaz en m³.",
        )


def _overlaps(bills: list[dict[str, Any]]) -> Iterable[Fault]:
    """Two bills of one energy that share days: one is a copy, or a date is wrong. Naming both."""
    dated = [
        (period, rank, bill)
        for rank, bill in enumerate(bills)
        if bill["energy"] is not None and (period := bill_period(bill)) and period[0] < period[1]
    ]
    dated.sort(key=lambda row: (row[2]["energy"], row[0]))
    furthest: tuple[tuple[date, date], int, dict[str, Any]] | None = None
    for row in dated:
        if furthest is not None and furthest[2]["energy"] == row[2]["energy"]:
            if row[0][0] < furthest[0][1]:
                yield Fault(
                    ("bills", row[1], "start"),
                    f"Deux factures couvrent les mêmes jours{NO_BREAK}: "
                    f"{bill_name_fr(furthest[1], furthest[2])} et {bill_name_fr(row[1], row[2])}. "
                    "Corrigez les dates ou retirez l’une des deux.",
                )
            if row[0][1] <= furthest[0][1]:
                continue
        furthest = row
