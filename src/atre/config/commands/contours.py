"""Contours of communes that the agency brings, for the map and the downloads."""

import argparse
import sys
from pathlib import Path

GROUP = "Exploiter un serveur"
HELP = "Remplace les contours installés par ceux d’un fichier GeoJSON (IGN Admin Express…)."
EXAMPLES = ("./atre contours COMMUNE.geojson", "./atre contours --installed")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", type=Path, help="GeoJSON en longitude et latitude")
    parser.add_argument(
        "--installed", action="store_true", help="revient aux contours installés avec Âtre"
    )


def run(args: argparse.Namespace) -> int:
    from atre.config import preparation
    from atre.config.places import data_dir
    from atre.jobs.territory_sources import tables

    own = data_dir() / "reference" / tables.OWN_CONTOURS
    if args.installed:
        own.unlink(missing_ok=True)
    elif args.file is None:
        print("Donnez un fichier GeoJSON, ou --installed.", file=sys.stderr)
        return 2
    elif not _brought(args.file, own):
        return 1
    preparation.ensure_reference_data()
    preparation.ensure_territory_sources()
    preparation.let_builders_go()
    return 0


def _brought(file: Path, own: Path) -> bool:
    """Keeps the file if it can be read; says so, or why not."""
    from atre.calc.wording import number_fr
    from atre.formats.contours import UnreadableContours
    from atre.formats.geojson_contours import read_geojson
    from atre.warehouse.atomic import write_bytes

    try:
        with file.open("rb") as stream:
            found = read_geojson(stream)
        write_bytes(own, file.read_bytes())
    except UnreadableContours as refusal:
        print(f"{file.name} : {refusal}", file=sys.stderr)
        return False
    except OSError as fault:
        print(f"{file} ne s’ouvre pas (erreur {fault.errno}).", file=sys.stderr)
        return False
    print(f"{number_fr(len(found.found))} contours lus ; les autres communes gardent les leurs.")
    return True
