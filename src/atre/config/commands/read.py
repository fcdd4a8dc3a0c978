"""Say what a meter, weather or invoice file is, what was read of it, what was not and why."""

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _csv import Writer as RejectsWriter

    from atre.formats.reading import Part, Reading

HELP = "Dit ce qu’est un fichier de compteur, ce qui en est lu, et ce qui ne l’est pas."
EXAMPLES = (
    "./atre read courbe.csv",
    "./atre read courbe.csv index.csv factures.xml",
    "./atre read R50.xml --json --rejects rejets.csv",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="le fichier tel qu’il a été reçu ; plusieurs d’un même compteur sont rapprochés",
    )
    parser.add_argument(
        "--json", action="store_true", help="réponse pour un programme, au format JSON"
    )
    parser.add_argument("--rejects", metavar="CSV", help="écrit là chaque ligne qui n’est pas lue")


def run(args: argparse.Namespace) -> int:
    from atre.config.reconciliation_report import reconciled
    from atre.formats.reading import UnreadableFile

    answers: list[dict[str, Any]] = []
    readings: list[Reading] = []
    with ExitStack() as opened:
        try:
            rejects = _rejects(opened, args.rejects)
        except OSError as fault:
            print(_cannot_open(args.rejects, fault), file=sys.stderr)
            return 1
        for name in args.files:
            try:
                answers.append(_read(name, rejects, readings if len(args.files) > 1 else None))
            except UnreadableFile as refusal:
                answers.append(_unreadable(name, refusal.message_fr))
            except OSError as fault:
                answers.append(_unreadable(name, _cannot_open(name, fault)))
    _print(answers, reconciled(readings), as_json=args.json)
    return 0 if all(answer["status"] == "read" for answer in answers) else 1


def _rejects(opened: ExitStack, name: str | None) -> "RejectsWriter | None":
    if name is None:
        return None
    # The mark tells spreadsheets that the accents are UTF-8.
    stream = opened.enter_context(  # closed by `opened`
        Path(name).open("w", encoding="utf-8-sig", newline="")  # noqa: SIM115
    )
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Fichier", "Ligne", "Endroit", "Raison", "Trouvé"])
    return writer


def _cannot_open(name: str, fault: OSError) -> str:
    if isinstance(fault, FileNotFoundError):
        return f"{name} n’existe pas."
    if isinstance(fault, IsADirectoryError):
        return f"{name} est un dossier, pas un fichier."
    if isinstance(fault, PermissionError):
        return f"{name} ne peut pas être ouvert : les droits manquent."
    return f"{name} ne peut pas être ouvert (erreur {fault.errno})."


def _unreadable(name: str, message_fr: str) -> dict[str, Any]:
    return {"file": name, "status": "unreadable", "message": message_fr}


def _read(
    name: str, rejects: "RejectsWriter | None", kept: "list[Reading] | None"
) -> dict[str, Any]:
    """Goes through one file; keeps its rows only when there are several to bring together."""
    from atre.config import read_report
    from atre.formats.reading import collect
    from atre.formats.recognition import recognise_stream
    from atre.formats.summary import FileSummary

    summary = FileSummary()
    with Path(name).open("rb") as stream:
        known = recognise_stream(stream)
        parts = _followed(known.read(stream), summary, name, rejects)
        if kept is None:
            for _ in parts:
                pass
        else:
            kept.append(collect(known, parts))
    return read_report.described(name, known, summary)


def _followed(
    parts: "Iterator[Part]", summary: Any, name: str, rejects: "RejectsWriter | None"
) -> "Iterator[Part]":
    from atre.formats.outgoing import neutral

    for part in parts:
        summary.add(part)
        if rejects is not None:
            rejects.writerows(
                [
                    neutral(name),
                    r.line or "",
                    neutral(r.place),
                    neutral(r.reason_fr),
                    neutral(r.found),
                ]
                for r in part.rejects
            )
        yield part


def _print(
    answers: list[dict[str, Any]], reconciled: list[dict[str, Any]], *, as_json: bool
) -> None:
    from atre.config import read_report
    from atre.config.reconciliation_report import reconciliation_page

    if as_json:
        answer = answers[0] if len(answers) == 1 else {"files": answers}
        if reconciled:
            answer = {**answer, "reconciliation": reconciled}
        print(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    for answer in answers:
        if answer["status"] == "unreadable":
            print(f"{answer['file']} : {answer['message']}", file=sys.stderr)
        else:
            print(read_report.page(answer))
    if reconciled:
        print(reconciliation_page(reconciled))
