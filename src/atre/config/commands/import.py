"""Official files about territories, received by the observatory."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from atre.warehouse.sources.receiving import Received

HELP = "Reçoit des fichiers officiels de territoire et construit les tables de l’observatoire."
EXAMPLES = (
    "./atre import consommation-annuelle.csv cc_filosofi_2021_COM.csv",
    "./atre import balance.csv --columns colonnes.yaml",
    "./atre import ges-communes.csv --year 2016",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FICHIER")
    parser.add_argument("--columns", type=Path, help="correspondance des colonnes (YAML ou JSON)")
    parser.add_argument(
        "--year",
        type=int,
        metavar="ANNÉE",
        help="année des chiffres, pour les fichiers qui ne la disent pas",
    )
    parser.add_argument(
        "--no-build", action="store_true", help="reçoit seulement, sans construire les tables"
    )
    parser.add_argument("--json", action="store_true", help="réponse pour un programme")


def run(args: argparse.Namespace) -> int:
    from atre.formats.reading import UnreadableFile
    from atre.jobs import observatory

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    missing = [path for path in args.files if not path.is_file()]
    for path in missing:
        print(f"{path} n’existe pas ou n’est pas un fichier.", file=sys.stderr)
    if missing:
        return 2
    answers = observatory.receive_files(
        args.files, columns=args.columns, year=args.year, progress=say
    )
    told = [
        {"file": path.name, "status": "refused", "message": answer.message_fr}
        if isinstance(answer, UnreadableFile)
        else _described(answer)
        for path, answer in zip(args.files, answers, strict=True)
    ]
    if not args.no_build and any(answer["status"] != "refused" for answer in told):
        observatory.build(progress=say)
    print(json.dumps(told, ensure_ascii=False, indent=2) if args.json else page(told))
    return 1 if any(answer["status"] == "refused" for answer in told) else 0


def _described(received: "Received") -> dict[str, Any]:
    receipt = received.receipt
    return {
        "file": receipt.name,
        "status": "received" if received.is_new else "already_received",
        "format": receipt.format,
        "title": receipt.title_fr,
        "rows": receipt.rows,
        "years": list(receipt.years),
        "declared_year": receipt.declared_year,
        "measures": list(receipt.measures),
        "rejected": receipt.rejected,
        "rejects": receipt.rejects,
        "warnings": receipt.warnings,
    }


def page(told: list[dict[str, Any]]) -> str:
    from atre.calc.wording import number_fr

    lines = []
    for answer in told:
        if answer["status"] == "refused":
            lines.append(f"{answer['file']} : refusé. {answer['message']}")
            continue
        again = " (déjà reçu)" if answer["status"] == "already_received" else ""
        years = f", {_years_fr(answer['years'])}" if answer["years"] else ""
        lines.append(f"{answer['file']} : {answer['title']}{again}.")
        lines.append(f"  {number_fr(answer['rows'])} chiffres lus{years}.")
        if answer["rejected"]:
            lines.append(f"  {number_fr(answer['rejected'])} lignes non lues :")
            lines += [f"    {number_fr(count)} × {why}" for why, count in answer["rejects"].items()]
        lines += [f"  À savoir : {why}" for why in answer["warnings"]]
    return "\n".join(lines)


def _years_fr(years: list[int]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]} à {years[-1]}"
