"""One household's project from plain keys and values, as a file or a form gives them.

Every key may be left out or empty: it is unknown then. A key that nobody reads is refused, with the
one it looks like, so that a slip of the pen is not an unknown.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np

from atre.calc.aids.double_funding import Funding
from atre.calc.aids.financing import Route
from atre.calc.aids.ile_de_france import in_ile_de_france
from atre.calc.aids.programme_eligibility import RequiredClass
from atre.calc.aids.situation import Situations, Works
from atre.calc.aids.situation_fields import FIELDS, GESTE_CODE, FieldKind, Geste
from atre.calc.errors import RefusedInput
from atre.calc.wording import list_fr

Choice = TypeVar("Choice", bound=StrEnum)
WORK_KEYS = ("geste", "quantity", "cost_ht_eur", "cost_ttc_eur", "cee_eur")
# Keys of a file that are not a column of `Situations`.
OTHER_KEYS = (
    "deposit_on",
    "route",
    "commune",
    "owner_commune",
    "slime_class",
    "funding_sources",
    "same_expense",
    "works",
)
OVERSEAS = ("97", "98")


@dataclass(frozen=True, slots=True)
class Project:
    """What a file says: one household; the deposit date, the route and the highest income class
    that the local Slime takes, if it names them; who pays, and whether for one same expense."""

    situation: Situations
    deposit_on: date | None
    route: Route | None
    slime_class: RequiredClass | None
    funding_sources: tuple[Funding, ...]
    same_expense: bool | None


def project_from(content: Any) -> Project:
    """Read one project.

    `commune` and `owner_commune` are INSEE codes, from which Île-de-France and mainland are told.
    Raises `RefusedInput` for an unknown key, a value of the wrong kind or out of bounds.

    >>> project = project_from({"rfr_eur": 17000, "persons": 1, "commune": "26362"})
    >>> project.situation.flag("dwelling_in_idf").tolist(), project.route
    ([0], None)
    """
    if not isinstance(content, Mapping):
        raise RefusedInput("Une situation est une liste de clés et de valeurs.", field=None)
    _refuse_unknown_keys(content, (*OTHER_KEYS, *FIELDS))
    columns = {
        name: _value(name, content[name])
        for name in FIELDS
        if name in content and content[name] is not None
    }
    columns |= _places(content)
    works = None if content.get("works") is None else works_from(content["works"])
    return Project(
        situation=Situations.of(1, works=works, **columns),
        deposit_on=_day(content.get("deposit_on")),
        route=_one_of(Route, content.get("route"), "route"),
        slime_class=_one_of(RequiredClass, content.get("slime_class"), "slime_class"),
        funding_sources=_sources(content.get("funding_sources")),
        same_expense=_yes_or_no("same_expense", content.get("same_expense")),
    )


def works_from(lines: Any) -> Works:
    """The works of one household, a line each: `geste`, `quantity`, `cost_ht_eur`, `cost_ttc_eur`,
    `cee_eur`.

    >>> works_from([{"geste": "fenetre", "quantity": 4}]).quantity.tolist()
    [4.0]
    """
    if not isinstance(lines, list) or not all(isinstance(line, Mapping) for line in lines):
        raise RefusedInput("Les travaux sont une liste de lignes.", field="works")
    for line in lines:
        _refuse_unknown_keys(line, WORK_KEYS)
        if not isinstance(line.get("geste"), str) or line["geste"] not in GESTE_CODE:
            raise RefusedInput(
                f"« {line.get('geste')} » n’est pas un geste connu{_close(line.get('geste'))}.",
                field="works.geste",
            )
    numbers = {name: [_number(name, line.get(name)) for line in lines] for name in WORK_KEYS[1:]}
    return Works(
        household=np.zeros(len(lines), np.int64),
        geste=np.array([GESTE_CODE[Geste(line["geste"])] for line in lines], dtype=np.int8),
        quantity=np.array(numbers["quantity"]),
        cost_ht_eur=np.array(numbers["cost_ht_eur"]),
        cost_ttc_eur=np.array(numbers["cost_ttc_eur"]),
        cee_eur=np.array(numbers["cee_eur"]),
    )


def _places(content: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    commune, owner = _commune(content, "commune"), _commune(content, "owner_commune")
    if commune is not None:
        found["dwelling_in_idf"] = in_ile_de_france(commune)
        found["dwelling_in_metropole"] = not commune.startswith(OVERSEAS)
    if owner is not None:
        found["owner_in_idf"] = in_ile_de_france(owner)
    twice = [name for name in found if content.get(name) not in (None, found[name])]
    if twice:
        raise RefusedInput(
            "La commune et ce qui est écrit à côté d’elle se contredisent.", field=twice[0]
        )
    return found


def _commune(content: Mapping[str, Any], name: str) -> str | None:
    code = content.get(name)
    # YAML reads 01004 as a number in base eight: a code that starts with zero must be quoted.
    if isinstance(code, bool) or (isinstance(code, int) and code < 10_000):
        raise RefusedInput(
            "Un code Insee de commune a cinq caractères ; écrivez-le entre guillemets, par exemple "
            '« "01004" ».',
            field=name,
        )
    return None if code is None else str(code)


def _value(name: str, value: Any) -> Any:
    kind = FIELDS[name].kind
    if kind is FieldKind.NUMBER:
        return _number(name, value)
    if kind is FieldKind.FLAG:
        return _yes_or_no(name, value)
    if kind is FieldKind.CHOICE and not isinstance(value, str):
        raise RefusedInput(
            f"« {value} » n’est pas prévu : {list_fr(FIELDS[name].choices)}.", field=name
        )
    return value


def _yes_or_no(name: str, value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise RefusedInput(f"Oui ou non est attendu (true ou false), non « {value} ».", field=name)


def _sources(value: Any) -> tuple[Funding, ...]:
    name = "funding_sources"
    if value is None:
        return ()
    if not isinstance(value, list) or any(value.count(one) > 1 for one in value):
        raise RefusedInput("Une liste de financeurs est attendue, chacun une fois.", field=name)
    read = [_one_of(Funding, one, name) for one in value]
    return tuple(one for one in read if one is not None)


def _number(name: str, value: Any) -> float:
    if value is None:
        return float("nan")
    # YAML reads « oui » as text and yes as a boolean: neither is a number of anything.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RefusedInput(f"Un nombre est attendu, non « {value} ».", field=name)
    try:
        return float(value)
    except OverflowError as error:
        raise RefusedInput("Ce nombre est trop grand pour être vrai.", field=name) from error


def _day(value: Any) -> date | None:
    if value is None or type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise RefusedInput(
            f"« {value} » n’est pas une date (par exemple 2026-03-12).", field="deposit_on"
        ) from error


def _one_of(choices: type[Choice], value: Any, field: str) -> Choice | None:
    if value is None:
        return None
    if value not in tuple(choices):
        raise RefusedInput(
            f"« {value} » n’est pas prévu : {list_fr([str(one) for one in choices])}.", field=field
        )
    return choices(value)


def _refuse_unknown_keys(content: Mapping[Any, Any], known: tuple[str, ...]) -> None:
    for key in content:
        if key not in known:
            close = difflib.get_close_matches(str(key), known, n=1)
            hint = f" ; vouliez-vous dire « {close[0]} » ?" if close else "."
            raise RefusedInput(f"La clé « {key} » n’existe pas{hint}", field=str(key))


def _close(name: Any) -> str:
    close = difflib.get_close_matches(str(name), list(GESTE_CODE), n=1)
    return f" ; vouliez-vous dire « {close[0]} » ?" if close else ""
