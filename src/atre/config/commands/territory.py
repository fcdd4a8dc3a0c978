"""The communes and legal populations of a territory, straight from the reference file."""

import argparse
import contextlib
import json
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from atre.domain.territories.gazetteer import Gazetteer, Grouping, Place
    from atre.formats.decoupage import Decoupage

HELP = "Dit les communes et les populations légales d'un territoire."
EXAMPLES = (
    './atre territory 248300394 13001 "Bagnolet"',
    './atre territory "Est Ensemble" --json',
)
KINDS = {"municipal": "population municipale", "total": "population totale"}
NARROW = "\u202f"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "territory",
        nargs="+",
        help="SIREN d'une intercommunalité, code Insee ou nom ; plusieurs s'additionnent",
    )
    parser.add_argument(
        "--json", action="store_true", help="réponse pour un programme, au format JSON"
    )


def run(args: argparse.Namespace) -> int:
    from atre.config import preparation
    from atre.domain.territories.errors import UnknownTerritory
    from atre.jobs import reference

    # Progress is for the person: standard output carries the answer alone.
    with contextlib.redirect_stdout(sys.stderr):
        preparation.ensure_reference_data()
    provenance, content = reference.read_territories()
    gazetteer = reference.gazetteer_of(content)
    try:
        answer = describe(args.territory, gazetteer, content)
    except UnknownTerritory as error:
        explain(error)
        return 1
    answer["source"] = {
        "name": provenance.source,
        "version": provenance.version,
        "licence": provenance.licence,
        "vintage": provenance.vintage,
    }
    print(json.dumps(answer, ensure_ascii=False, indent=2) if args.json else page(answer))
    return 0


def explain(error: Any) -> None:
    print(error.message_fr, file=sys.stderr)
    for suggestion in error.suggestions:
        print(f"  {suggestion}", file=sys.stderr)


def describe(asked: list[str], gazetteer: "Gazetteer", content: "Decoupage") -> dict[str, Any]:
    """The answer as JSON: communes, population, territories, members, missing.

    Raises UnknownTerritory for the first text that designates no territory, or several.

    A population holds for every commune of the answer; a figure known for some of them only is
    in `missing`, with how many communes have it.
    """
    territories = [gazetteer.resolve(text) for text in asked]
    places = members(territories, gazetteer)
    codes = {place.insee for place in places}
    values: Counter[tuple[str, int]] = Counter()
    known: Counter[tuple[str, int]] = Counter()
    for figure in content.populations:
        if figure.insee in codes:
            values[figure.kind, figure.year] += figure.value
            known[figure.kind, figure.year] += 1
    figures: list[dict[str, Any]] = [
        {"kind": kind, "year": year, "value": values[kind, year], "communes": count}
        for (kind, year), count in sorted(known.items(), key=lambda item: (-item[0][1], item[0][0]))
    ]
    return {
        "communes": len(places),
        "population": [
            {key: figure[key] for key in ("kind", "year", "value")}
            for figure in figures
            if figure["communes"] == len(places)
        ],
        "missing": [figure for figure in figures if figure["communes"] < len(places)],
        "territories": [identity(*pair) for pair in zip(asked, territories, strict=True)],
        "members": [{"insee": place.insee, "name": place.name} for place in places],
    }


def members(territories: "list[Place | Grouping]", gazetteer: "Gazetteer") -> "list[Place]":
    """Every commune of the territories once, by name."""
    from atre.domain.territories.gazetteer import Grouping

    sirens = {territory.siren for territory in territories if isinstance(territory, Grouping)}
    codes = {place.insee for place in territories if not isinstance(place, Grouping)}
    return sorted(
        (
            place
            for place in gazetteer.places
            if place.insee in codes or place.epci in sirens or place.ept in sirens
        ),
        key=lambda place: (place.search_name, place.insee),
    )


def identity(asked: str, territory: "Place | Grouping") -> dict[str, str]:
    from atre.domain.territories.gazetteer import Grouping

    if isinstance(territory, Grouping):
        own = {"siren": territory.siren, "kind": territory.kind}
    else:
        own = {"insee": territory.insee, "kind": "commune"}
    return {"asked": asked, "name": territory.name, **own}


def page(answer: dict[str, Any]) -> str:
    """The answer for a reader."""
    lines = [heading(territory) for territory in answer["territories"]]
    count = answer["communes"]
    lines += ["", f"{number(count)} {'communes' if count > 1 else 'commune'}"]
    lines += [f"  {member['insee']}  {member['name']}" for member in answer["members"]]
    lines += ["", "Populations légales, à ne pas additionner entre elles"]
    for figure in answer["population"]:
        lines.append(f"  {legend(figure)} : {number(figure['value'])} habitants")
    for figure in answer["missing"]:
        lines.append(
            f"  {legend(figure)} : incomplète, connue pour {number(figure['communes'])} "
            f"des {number(count)} communes ({number(figure['value'])} habitants)"
        )
    if not answer["population"] and not answer["missing"]:
        lines.append("  aucune connue")
    source = answer["source"]
    lines += [
        "",
        f"Source : {source['name']} {source['version']}, {source['vintage']}, {source['licence']}.",
    ]
    return "\n".join(lines)


def heading(territory: dict[str, str]) -> str:
    """Names the territory; says so when a former code or a district led to a whole commune."""
    code = territory.get("siren") or territory["insee"]
    line = f"{territory['name']} ({code})"
    asked = territory["asked"].replace(" ", "")
    if asked.isalnum() and asked[0].isdigit() and asked.upper() != code:
        return f"{line}, la commune entière, pour le code {asked}"
    return line


def legend(figure: dict[str, Any]) -> str:
    return f"{KINDS[figure['kind']]}, année légale {figure['year']}"


def number(value: int) -> str:
    """« 179 118 », with the narrow no-break space of French typography."""
    return f"{value:,}".replace(",", NARROW)
