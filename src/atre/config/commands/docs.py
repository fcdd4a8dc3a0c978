"""Write the reference pages that come from the code."""

import argparse

GROUP = "Développer"
HELP = "Écrit les pages de référence tirées du code (droits, vie d’un dossier, indicateurs)."
EXAMPLES = ("./atre docs", "./atre docs --check")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="dire seulement si elles sont à jour")


def run(args: argparse.Namespace) -> int:
    from atre.config import preparation

    preparation.configure()
    from atre.config import generated_pages

    names = generated_pages.outdated() if args.check else generated_pages.write()
    for name in names:
        print(name if args.check else f"écrit : {name}")
    return 1 if args.check and names else 0
