"""A backup put back into an empty installation."""

import argparse
from pathlib import Path

GROUP = "Exploiter un serveur"
HELP = "Remet une sauvegarde dans une installation vide, effacements rejoués."
EXAMPLES = (
    "./atre restore /sauvegardes/atre-2026-11-22-030000.tar",
    "./atre restore SAUVEGARDE --erasures /copies/effacements.jsonl",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        f"{HELP}\n\nLa sauvegarde est vérifiée avant que rien ne soit écrit. Ce qui a été effacé "
        "depuis l’est\nde nouveau : la liste est effacements.jsonl, du dossier des données ou donnée "
        "par --erasures."
    )
    parser.add_argument("backup", type=Path, help="le fichier fait par ./atre backup")
    parser.add_argument(
        "--erasures", type=Path, help="effacements.jsonl d’une autre machine", metavar="FICHIER"
    )


def run(args: argparse.Namespace) -> int:
    from atre.config import preparation
    from atre.config.progress import StepFailed, step

    if args.erasures is not None and not args.erasures.is_file():
        raise StepFailed(f"{args.erasures} n’existe pas.")
    preparation.configure()
    from atre.jobs.backup import keeping
    from atre.jobs.backup.refusal import BackupRefused

    try:
        with step("Restauration"):
            found, replayed = keeping.put_back(args.backup, ledger=args.erasures)
    except BackupRefused as refusal:
        raise StepFailed(str(refusal)) from refusal
    print(f"Base et {found.files} pièces du {found.taken_at:%d/%m/%Y à %H:%M} sont en place.")
    print(f"Ménages effacés de nouveau : {replayed}.")
    return 0
