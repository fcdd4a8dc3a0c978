"""Everything a server needs before it serves: after an installation, and after each update."""

import argparse

GROUP = "Exploiter un serveur"
HELP = "Installe, construit et migre ce qui manque, sans servir ni charger la démonstration."
EXAMPLES = ("./atre prepare",)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No option: what to do comes from the environment."""


def run(args: argparse.Namespace) -> int:
    from atre.config import frontend, preparation

    frontend.ensure_assets()
    preparation.configure()
    preparation.ensure_reference_data()
    preparation.ensure_territory_sources()
    preparation.ensure_observatory()
    preparation.ensure_database()
    preparation.ensure_static_files()
    preparation.let_builders_go()
    return 0
