"""The files of the npm package @etalab/decoupage-administratif, and of which year each figure is.

The package says nowhere of which year its populations are: `VINTAGES` holds what each version was
found to carry, and a version that is not there is refused rather than guessed.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

PACKAGE: Final = "@etalab/decoupage-administratif"
LICENCE: Final = "Licence Ouverte"
FILES: Final = (
    "package.json",
    "data/regions.json",
    "data/departements.json",
    "data/communes.json",
    "data/epci.json",
    "data/ept.json",
)


class UnreadablePackage(Exception):
    """A file of the package is missing, is not the JSON expected, or is of an unknown version."""


class Vintage(NamedTuple):
    """Which year the figures of one version of the package are.

    `by_department` overrides the years where a census is not the yearly one.
    """

    cog: int
    communes_year: int
    epci_year: int
    ept_year: int
    by_department: Mapping[str, int]


# communes.json: municipal, insee.fr/fr/statistiques/8680726 (populations de référence 2023).
# Overseas, insee.fr/fr/statistiques/8680702: New Caledonia's census is of 2025, French
# Polynesia's of 2022, Wallis-et-Futuna's of 2023; Mayotte's of 2017 (statistiques/3291775).
# epci.json: total and municipal 2022 (DGCL's epcicom2026.xlsx, one year behind): its municipal
# figure is that of insee.fr/fr/statistiques/8290591 for every commune not merged since.
# ept.json: total and municipal 2023: its municipal figure equals communes.json's 129 times of 129.
VINTAGES: Final[Mapping[str, Vintage]] = {
    "6.0.0": Vintage(
        cog=2026,
        communes_year=2023,
        epci_year=2022,
        ept_year=2023,
        by_department={"976": 2017, "987": 2022, "988": 2025},
    )
}


def package_version(files: Mapping[str, bytes]) -> str:
    """The version the package says it is; `UnreadablePackage` when it is another package.

    >>> manifest = b'{"name": "@etalab/decoupage-administratif", "version": "6.0.0"}'
    >>> package_version({"package.json": manifest})
    '6.0.0'
    >>> other = manifest.replace(b"etalab", b"autre")
    >>> package_version({"package.json": other})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    atre.formats.decoupage_package.UnreadablePackage: package.json n’est pas celui de...
    """
    manifest = _parsed_file(files, "package.json")
    if not isinstance(manifest, dict) or manifest.get("name") != PACKAGE:
        raise UnreadablePackage(f"package.json n’est pas celui de {PACKAGE}.")
    return str(manifest.get("version"))


def _parsed_file(files: Mapping[str, bytes], name: str) -> Any:
    if name not in files:
        raise UnreadablePackage(f"{name} manque.")
    try:
        return json.loads(files[name])
    except ValueError as error:
        raise UnreadablePackage(f"{name} n’est pas du JSON : {error}") from error


def rows_of(files: Mapping[str, bytes], name: str) -> list[Any]:
    """The rows of one file of the package, of whatever shape. Raises `UnreadablePackage`, naming
    the file, when it is absent, is not JSON, or is no list.

    >>> rows_of({"data/epci.json": b'[{"code": "244400404"}]'}, "data/epci.json")
    [{'code': '244400404'}]
    >>> rows_of({}, "data/ept.json")
    Traceback (most recent call last):
    ...
    atre.formats.decoupage_package.UnreadablePackage: data/ept.json manque.
    """
    rows = _parsed_file(files, name)
    if not isinstance(rows, list):
        raise UnreadablePackage(f"{name} n’est pas une liste.")
    return rows
