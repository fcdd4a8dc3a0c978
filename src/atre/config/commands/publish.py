"""Tables that someone wants to publish: attacked first, with everything published before."""

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from atre.warehouse.secrecy.releasing import Answer, Request
    from atre.warehouse.secrecy.table_sets import TableSet

HELP = "Attaque des tableaux avant de les publier, et dit la case et le calcul qui l’ouvrent."
EXAMPLES = (
    "./atre publish dossiers-2025.csv --indicator dossiers --name 'Bilan 2025' --by 'A. Martin'",
    "./atre publish bois.csv gaz.csv --indicator consommation --dry-run",
    "./atre publish dossiers.csv --indicator dossiers --protect a-publier.csv",
    "./atre publish --ledger",
)
PASSED, REFUSED, UNREADABLE = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="TABLEAU.csv",
        help="une ligne par case : découpages, valeur, contributeurs, publier (oui ou non) ; les lignes "
        "de total disent « total »",
    )
    parser.add_argument(
        "--indicator", help="ce qui est compté ; le même mot d’une publication à l’autre"
    )
    parser.add_argument("--name", help="nom de la publication, sinon celui du fichier")
    parser.add_argument("--by", default="", help="qui demande")
    parser.add_argument(
        "--population",
        choices=("households", "establishments"),
        default="households",
        help="qui est derrière les cases",
    )
    parser.add_argument(
        "--width", type=float, default=1.0, help="écart sous lequel deux valeurs sont la même"
    )
    parser.add_argument(
        "--protect", type=Path, metavar="SORTIE.csv", help="masque ce qui doit l’être et l’écrit là"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="dit la réponse sans l’inscrire au registre"
    )
    parser.add_argument("--ledger", action="store_true", help="liste les publications demandées")
    parser.add_argument("--json", action="store_true", help="réponse pour un programme")


def run(args: argparse.Namespace) -> int:
    if args.ledger:
        return run_ledger(args)
    if not args.files or not args.indicator:
        print("Donnez un tableau et --indicator, ou --ledger.", file=sys.stderr)
        return UNREADABLE
    missing = [path for path in args.files if not path.is_file()]
    for path in missing:
        print(f"{path} n’existe pas ou n’est pas un fichier.", file=sys.stderr)
    return UNREADABLE if missing else run_publish(args)


def run_publish(args: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from atre.calc.errors import CalcRefusal
    from atre.warehouse.folders import data_folder
    from atre.warehouse.secrecy.ledger import BrokenLedger, Outcome
    from atre.warehouse.secrecy.releasing import ask

    now = datetime.now(UTC)
    try:
        tables = _tables(args)
        answer = ask(
            data_folder(),
            tables,
            _request(args, now.date()),
            now=now,
            protect=args.protect is not None,
            keep=not args.dry_run,
        )
    except CalcRefusal as refusal:
        print(refusal, file=sys.stderr)
        return UNREADABLE
    except BrokenLedger as refusal:
        print(refusal.message_fr, file=sys.stderr)
        return UNREADABLE
    is_out = answer.outcome is Outcome.RELEASED
    if is_out and args.protect is not None:
        write_protected(args.protect, answer)
    if args.json:
        print(json.dumps(as_json(answer), ensure_ascii=False, indent=2))
    else:
        print(page(answer, dry=args.dry_run))
    return PASSED if is_out else REFUSED


def _tables(args: argparse.Namespace) -> "TableSet":
    from atre.calc.errors import RefusedInput
    from atre.warehouse.edition import NotBuilt
    from atre.warehouse.folders import data_folder
    from atre.warehouse.secrecy.table_sets import read_table_set
    from atre.warehouse.territories import atlas, members_of, owners_of

    try:
        texts = [path.read_text(encoding="utf-8-sig") for path in args.files]
    except UnicodeDecodeError as fault:
        raise RefusedInput(
            "Ce tableau n’est pas en UTF-8 : enregistrez-le en « CSV UTF-8 ».", field="fichier"
        ) from fault
    try:
        known = atlas(data_folder())
    except NotBuilt:
        return read_table_set(texts, args.indicator, above=lambda _: (), members=lambda _: 0)
    return read_table_set(
        texts,
        args.indicator,
        above=lambda name: owners_of(known, name),
        members=lambda name: members_of(known, name),
    )


def _request(args: argparse.Namespace, on: Any) -> "Request":
    from atre.calc.secrecy.rules import Population
    from atre.warehouse.secrecy.releasing import Request

    return Request(
        name=args.name or ", ".join(path.stem for path in args.files),
        indicator=args.indicator,
        asked_by=args.by,
        population=Population(args.population),
        on=on,
        width=args.width,
    )


def write_protected(target: Path, answer: "Answer") -> None:
    """The cells that may go out, with their values; « s » for the others."""
    release = answer.release
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow(["case", "valeur"])
        for label, value, out in zip(
            release.tables.cells, release.values, release.published, strict=True
        ):
            writer.writerow([label, f"{value:.10g}".replace(".", ",") if out else "s"])


def as_json(answer: "Answer") -> dict[str, Any]:
    cells = answer.release.tables.cells
    return {
        "outcome": answer.outcome.value,
        "why": answer.why_fr,
        "published": int(answer.release.published.sum()),
        "primary": [str(cells[place]) for place in answer.primary],
        "complementary": [str(cells[place]) for place in answer.complementary],
        "entry": None if answer.entry is None else answer.entry.number,
    }


def page(answer: "Answer", *, dry: bool) -> str:
    from atre.calc.wording import number_fr

    if answer.why_fr:
        return answer.why_fr
    lines = [f"Peut être publié. Cases : {number_fr(int(answer.release.published.sum()))}."]
    hidden = len(answer.primary) + len(answer.complementary)
    if hidden:
        lines.append(
            f"Cases masquées en plus : {number_fr(hidden)}, dont pour en protéger d’autres : "
            f"{number_fr(len(answer.complementary))}."
        )
    if dry:
        lines.append("Rien n’a été inscrit au registre.")
    elif answer.entry is not None:
        lines.append(f"Inscrit au registre, publication n° {answer.entry.number}.")
    else:
        lines.append("Déjà au registre, à l’identique.")
    return "\n".join(lines)


def run_ledger(args: argparse.Namespace) -> int:
    from atre.warehouse.folders import data_folder
    from atre.warehouse.secrecy.ledger import BrokenLedger, Outcome, entries

    try:
        known = entries(data_folder())
    except BrokenLedger as refusal:
        print(refusal.message_fr, file=sys.stderr)
        return UNREADABLE
    # Neither values nor bounds: they are as secret as the cells.
    rows = [
        {
            "number": entry.number,
            "name": entry.name,
            "indicator": entry.indicator,
            "asked_by": entry.asked_by,
            "at": entry.at,
            "outcome": entry.outcome.value,
            "why": entry.why_fr,
            "published": sum(bool(cell[2]) for cell in entry.cells),
        }
        for entry in known
    ]
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return PASSED
    for row in rows:
        word = "publiée" if row["outcome"] == Outcome.RELEASED else f"refusée. {row['why']}"
        print(f"{row['number']}. {row['at']} {row['name']} ({row['asked_by'] or '—'}) : {word}")
    if not rows:
        print("Aucune publication demandée.")
    return PASSED
