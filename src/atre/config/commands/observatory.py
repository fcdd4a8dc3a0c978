"""The territorial observatory at the command line: build, status, query."""

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from atre.warehouse.figures import Figure
    from atre.warehouse.territories import Territory

HELP = "Construit l’observatoire, dit ce qu’il a, et répond sur un territoire."
EXAMPLES = (
    "./atre observatory build",
    "./atre observatory status",
    "./atre observatory query consumption --territory dep:95 --year 2023 --by sector,energy --json",
    "./atre observatory extract --territory epci:200054781 --for pcaet --out extrait.pdf",
    "./atre observatory query consumption --territory com:01039 --geography 2022",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("build", help="construit les tables depuis les fichiers reçus")
    status = actions.add_parser(
        "status", help="dit l’année, les lignes et les rejets de chaque source"
    )
    status.add_argument("--json", action="store_true", help="réponse pour un programme")
    query = actions.add_parser("query", help="donne les chiffres d’un territoire")
    query.add_argument("indicator", help="indicateur du catalogue, comme consumption")
    query.add_argument(
        "--territory",
        required=True,
        help="com:, epci:, ept:, dep:, reg:, fr, plusieurs séparés par des virgules, ou le nom d’un périmètre",
    )
    query.add_argument(
        "--year", type=int, action="append", help="une année (répétable), sinon toutes"
    )
    query.add_argument(
        "--by", default="", help="découpages séparés par des virgules : sector,energy,category"
    )
    query.add_argument(
        "--basis", choices=("pci", "pcs"), default="pci", help="pouvoir calorifique du gaz"
    )
    query.add_argument(
        "--geography",
        type=int,
        metavar="ANNÉE",
        help="année des communes et des EPCI, de 2021 à 2026 ; sinon ceux d’aujourd’hui",
    )
    query.add_argument("--json", action="store_true", help="réponse pour un programme")
    extract = actions.add_parser(
        "extract", help="écrit un PDF cité pour un SCoT, PLU, PLH ou PCAET"
    )
    extract.add_argument(
        "--territory", required=True, help="comme pour query : epci:200054781, « Mon périmètre »…"
    )
    extract.add_argument("--name", help="titre de l’extrait, au lieu du nom du territoire")
    extract.add_argument("--for", dest="purpose", default="pcaet", help="scot, plui, plh ou pcaet")
    extract.add_argument("--chapters", help="séparés par des virgules, sinon ceux du document")
    extract.add_argument("--author", default="Observatoire Âtre", help="qui signe l’extrait")
    extract.add_argument("--out", required=True, help="fichier PDF à écrire")


def run(args: argparse.Namespace) -> int:
    actions = {
        "build": run_build,
        "status": run_status,
        "query": run_query,
        "extract": run_extract,
    }
    return actions[args.action](args)


def run_build(args: argparse.Namespace) -> int:
    from atre.calc.wording import number_fr
    from atre.jobs import observatory
    from atre.warehouse.building import NothingReceived
    from atre.warehouse.closing import TotalsDiffer
    from atre.warehouse.engine import EngineMissing

    try:
        edition = observatory.build(progress=lambda line: print(line, flush=True))
    except (NothingReceived, TotalsDiffer, EngineMissing) as refusal:
        print(refusal.message_fr, file=sys.stderr)
        return 1
    print(f"Observatoire construit : {number_fr(sum(edition.rows.values()))} lignes servies.")
    return 0


def run_status(args: argparse.Namespace) -> int:
    from atre.jobs import observatory_status

    answer = observatory_status.status()
    print(
        json.dumps(answer, ensure_ascii=False, indent=2)
        if args.json
        else observatory_status.page(answer)
    )
    return 0


def run_query(args: argparse.Namespace) -> int:
    from atre.jobs.observatory_territories import SeveralPerimeters
    from atre.warehouse.catalogue import UnknownIndicator, indicator
    from atre.warehouse.edition import NotBuilt
    from atre.warehouse.gate import released
    from atre.warehouse.geographies import UnknownGeography
    from atre.warehouse.territories import UnknownTerritory

    cuts = [name for name in args.by.split(",") if name]
    try:
        asked = indicator(args.indicator)
        unknown = [name for name in cuts if name not in asked.dimensions]
        if unknown:
            print(_not_cut_fr(asked.title_fr, unknown[0], asked.dimensions), file=sys.stderr)
            return 2
        found = released(
            asked.key,
            _territory(args.territory, args.geography),
            years=args.year,
            by=cuts,
            basis=args.basis,
            geography=args.geography,
        )
    except (
        *(UnknownIndicator, UnknownTerritory, UnknownGeography),
        *(SeveralPerimeters, NotBuilt),
    ) as refusal:
        print(refusal.message_fr, file=sys.stderr)
        return 2
    rows = [{**asdict(one), "vintage": one.year, "basis": args.basis} for one in found]
    print(json.dumps(rows, ensure_ascii=False, indent=2) if args.json else table(found))
    return 0


def _territory(text: str, geography: int | None = None) -> "Territory":
    from django.utils.timezone import localdate

    from atre.config import preparation
    from atre.jobs.observatory_territories import perimeters_of_the_platform, territory_named

    def perimeters(name: str) -> "list[Iterable[str]]":
        # Only a name needs the database, and the two seconds that Django takes.
        preparation.configure()
        preparation.ensure_database()
        return perimeters_of_the_platform(localdate())(name)

    return territory_named(text, perimeters=perimeters, geography=geography)


def run_extract(args: argparse.Namespace) -> int:
    from atre.config import preparation

    preparation.configure()
    from atre.config import extract_writing
    from atre.jobs.observatory_territories import SeveralPerimeters
    from atre.warehouse.edition import NotBuilt
    from atre.warehouse.territories import UnknownTerritory

    try:
        path = extract_writing.write(args, _territory(args.territory))
    except (
        *(UnknownTerritory, SeveralPerimeters, NotBuilt),
        extract_writing.NotAnExtract,
    ) as refusal:
        print(refusal.message_fr, file=sys.stderr)
        return 2
    print(f"Écrit : {path}")
    return 0


def _not_cut_fr(title: str, name: str, dimensions: tuple[str, ...]) -> str:
    among = f"par {', '.join(dimensions)}" if dimensions else "par rien d’autre que l’année"
    return f"« {title} » n’est pas découpé par « {name} » : il l’est {among}."


def table(found: "list[Figure]") -> str:
    """The figures for a person, a line each."""
    if not found:
        return "Aucun chiffre : ce territoire n’est dans aucun fichier reçu pour cet indicateur."
    return "\n".join(_line(one) for one in found)


def _line(one: "Figure") -> str:
    from atre.calc.wording import NO_BREAK, number_fr
    from atre.warehouse.indicators import FLAGS_FR, Flag
    from atre.warehouse.wording import cut_fr, unit_fr

    cut = cut_fr(one)
    known = (
        "pour la commune"
        if one.territories == 1
        else (f"pour {number_fr(one.known)} communes sur {number_fr(one.territories)}")
    )
    if one.value is not None:
        said = f"{number_fr(one.value)}{NO_BREAK}{unit_fr(one.unit)}, {FLAGS_FR[one.flag]} {known}"
    elif one.known and one.flag is not Flag.SECRET:
        said = f"connu {known}, ne s’additionne pas d’une commune à l’autre"
    else:
        said = FLAGS_FR[one.flag]
    if one.lower is not None and one.upper is not None:
        said += f", entre {number_fr(one.lower)} et {number_fr(one.upper)}"
    secret = (
        f", {number_fr(one.secret_share * 100, 1)}{NO_BREAK}% secret" if one.secret_share else ""
    )
    why = f" {one.reason_fr}" if one.reason_fr else ""
    return f"{one.year or 'sans année'}  {cut} : {said}{secret} (source {one.source}).{why}"
