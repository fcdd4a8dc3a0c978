"""Rewrites the two tables of dated commune facts, once a year, from the package's yearly versions.

npm pack @etalab/decoupage-administratif@5.3.0 && tar xf *.tgz   # one folder a year
python -m atre.jobs.commune_vintages 2021=FOLDER … 2026=FOLDER   # FOLDER holds package.json
"""

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from atre.formats import commune_vintages
from atre.warehouse.atomic import write_bytes

TABLES = Path(commune_vintages.__file__).parent / "tables"


def main(arguments: Sequence[str]) -> int:
    folders = {int(year): Path(folder) for year, _, folder in (a.partition("=") for a in arguments)}
    lists = {
        year: commune_vintages.read_list(
            (folder / "data" / "communes.json").read_bytes(),
            (folder / "data" / "epci.json").read_bytes(),
        )
        for year, folder in folders.items()
    }
    write("commune_movements.csv", commune_vintages.Movement, commune_vintages.movements(lists))
    write(
        "commune_differences.csv", commune_vintages.Difference, commune_vintages.differences(lists)
    )
    return 0


def write(name: str, record: type[NamedTuple], rows: Iterable[tuple[object, ...]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(record._fields)
    writer.writerows(rows)
    write_bytes(TABLES / name, text.getvalue().encode())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
