"""One verified file with the database and the private files."""

import argparse
from pathlib import Path

GROUP = "Exploiter un serveur"
HELP = "Sauvegarde la base et les pièces dans un fichier, relu pour vérification."
EXAMPLES = ("./atre backup /sauvegardes", "./atre backup --check /sauvegardes/atre-2026-11-22.tar")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("where", type=Path, help="dossier des sauvegardes")
    parser.add_argument(
        "--check", action="store_true", help="vérifie une sauvegarde au lieu d’en faire une"
    )


def run(args: argparse.Namespace) -> int:
    from atre.config import preparation
    from atre.config.progress import StepFailed, step

    preparation.configure()
    from atre.jobs.backup import archive, keeping
    from atre.jobs.backup.refusal import BackupRefused

    title = f"Lecture de {args.where}" if args.check else "Sauvegarde"
    try:
        with step(title):
            found = archive.verify(args.where) if args.check else keeping.take(args.where)
    except BackupRefused as refusal:
        raise StepFailed(str(refusal)) from refusal
    print(
        f"{found.path} : base et {found.files} pièces, prise le {found.taken_at:%d/%m/%Y à %H:%M}."
    )
    print("Gardez aussi la clé secrète (ATRE_SECRET_KEY, ou secret_key du dossier des données)")
    print("et, à part, effacements.jsonl : il dit ce qu’une restauration doit effacer de nouveau.")
    return 0
