"""The npm package @etalab/decoupage-administratif: official territories of France, read once.

The package repackages INSEE's Code officiel géographique, DGCL's list of EPCI, INSEE's list of
EPT, La Poste's postal codes and INSEE's legal populations.
"""

import re
from collections.abc import Iterator, Mapping, Set
from typing import Any, Final

from atre.formats.decoupage_package import (
    FILES,
    LICENCE,
    PACKAGE,
    VINTAGES,
    UnreadablePackage,
    Vintage,
    package_version,
    rows_of,
)
from atre.formats.decoupage_records import (
    CommuneRecord,
    Decoupage,
    DepartmentRecord,
    FormerRecord,
    GroupingRecord,
    PopulationRecord,
    RegionRecord,
    Reject,
)

__all__ = [  # noqa: RUF022
    "FILES", "LICENCE", "PACKAGE", "VINTAGES", "UnreadablePackage", "package_version",
    "CommuneRecord", "Decoupage", "DepartmentRecord", "FormerRecord", "GroupingRecord",
    "PopulationRecord", "RegionRecord", "Reject", "MUNICIPAL", "TOTAL", "read_package",
]  # fmt: skip

MUNICIPAL: Final = "municipal"
TOTAL: Final = "total"
CURRENT: Final = "commune-actuelle"
FORMER_KINDS: Final = {
    "commune-deleguee": "delegated",
    "commune-associee": "associated",
    "arrondissement-municipal": "district",
}
OLD_CODE: Final = "old_code"
EPCI_KINDS: Final = frozenset({"CC", "CA", "CU", "METRO", "MET69", "EPT"})
ZONES: Final = frozenset({"metro", "drom", "com"})
INSEE_CODE: Final = re.compile(r"\d[\dAB]\d{3}")
POSTAL_CODE: Final = re.compile(r"\d{5}")
SIREN: Final = re.compile(r"\d{9}")


def read_package(files: Mapping[str, bytes]) -> Decoupage:
    """Reads the files named by `FILES` (path in the package → bytes): territories of the Code
    officiel géographique of the year `cog`, populations in inhabitants, each with its kind and its
    year.

    Raises UnreadablePackage when a whole file cannot be used; a row that cannot is a Reject.

    >>> import json
    >>> files = {name: b"[]" for name in FILES}
    >>> files["package.json"] = json.dumps({"name": PACKAGE, "version": "6.0.0"}).encode()
    >>> files["data/regions.json"] = b'[{"code": "53", "nom": "Bretagne"}, {"code": "54"}]'
    >>> found = read_package(files)
    >>> found.cog, found.regions
    (2026, [RegionRecord(code='53', name='Bretagne')])
    >>> found.rejects
    [Reject(file='data/regions.json', key='54', reason='« nom » manque')]
    """
    version = package_version(files)
    if version not in VINTAGES:
        raise UnreadablePackage(
            f"{PACKAGE} {version} : les années de ses populations ne sont pas connues ; "
            f"versions lues : {', '.join(VINTAGES)}."
        )
    return _Reading(files, version, VINTAGES[version]).read()


class _BadRow(Exception):
    """One row cannot be read; the message is the reason of its Reject."""


def _text(row: dict[str, Any], key: str, pattern: re.Pattern[str] | None = None) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _BadRow(f"« {key} » manque")
    if pattern and not pattern.fullmatch(value):
        raise _BadRow(f"« {key} » illisible : {value}")
    return value.strip()


def _known(row: dict[str, Any], key: str, among: Set[str]) -> str:
    value = _text(row, key)
    if value not in among:
        raise _BadRow(f"« {key} » inconnu : {value}")
    return value


class _Reading:
    """One pass over the files, in the order in which they refer to each other."""

    def __init__(self, files: Mapping[str, bytes], version: str, vintage: Vintage) -> None:
        self.files = files
        self.vintage = vintage
        self.result = Decoupage(version=version, cog=vintage.cog)
        self.region_codes: set[str] = set()
        self.department_codes: set[str] = set()
        self.rows: dict[str, dict[str, Any]] = {}
        self.epci_of: dict[str, str] = {}
        self.ept_of: dict[str, str] = {}
        self.formers: dict[tuple[str, str], FormerRecord] = {}
        self.populations: dict[tuple[str, str, int], int] = {}

    def read(self) -> Decoupage:
        communes = rows_of(self.files, "data/communes.json")
        self.read_regions_and_departments()
        self.index_communes(communes)
        self.read_groupings("data/epci.json", self.epci_of, self.vintage.epci_year)
        self.read_groupings("data/ept.json", self.ept_of, self.vintage.ept_year)
        self.read_communes()
        self.read_formers(communes)
        self.read_old_codes()
        self.result.formers.extend(self.formers.values())
        self.result.populations.extend(
            PopulationRecord(*key, value) for key, value in self.populations.items()
        )
        return self.result

    def each(self, file: str, rows: list[Any]) -> Iterator[dict[str, Any]]:
        """Yields the rows that are objects; the others are rejected with their position."""
        for position, row in enumerate(rows):
            if isinstance(row, dict):
                yield row
            else:
                self.reject(file, f"ligne {position}", "n’est pas un objet")

    def reject(self, file: str, key: object, reason: str) -> None:
        self.result.rejects.append(Reject(file, str(key), reason))

    def read_regions_and_departments(self) -> None:
        file = "data/regions.json"
        for row in self.each(file, rows_of(self.files, file)):
            try:
                record = RegionRecord(_text(row, "code"), _text(row, "nom"))
            except _BadRow as error:
                self.reject(file, row.get("code"), str(error))
                continue
            self.region_codes.add(record.code)
            self.result.regions.append(record)
        file = "data/departements.json"
        for row in self.each(file, rows_of(self.files, file)):
            try:
                region = _known(row, "region", self.region_codes)
                department = DepartmentRecord(_text(row, "code"), _text(row, "nom"), region)
            except _BadRow as error:
                self.reject(file, row.get("code"), str(error))
                continue
            self.department_codes.add(department.code)
            self.result.departments.append(department)

    def index_communes(self, rows: list[Any]) -> None:
        """Keeps the rows of today's communes that can stand alone, by INSEE code."""
        file = "data/communes.json"
        for row in self.each(file, rows):
            if row.get("type") != CURRENT:
                continue
            try:
                insee = _text(row, "code", INSEE_CODE)
                _text(row, "nom")
                _known(row, "departement", self.department_codes)
                _known(row, "region", self.region_codes)
                _known(row, "zone", ZONES)
                if insee in self.rows:
                    raise _BadRow("code déjà lu")
            except _BadRow as error:
                self.reject(file, row.get("code"), str(error))
                continue
            self.rows[insee] = row

    def read_groupings(self, file: str, of_commune: dict[str, str], year: int) -> None:
        for row in self.each(file, rows_of(self.files, file)):
            try:
                grouping = GroupingRecord(
                    _text(row, "code", SIREN), _text(row, "nom"), _known(row, "type", EPCI_KINDS)
                )
                members = row.get("membres")
                if not isinstance(members, list) or not members:
                    raise _BadRow("aucun membre")
            except _BadRow as error:
                self.reject(file, row.get("code"), str(error))
                continue
            self.result.groupings.append(grouping)
            for member in members:
                self.read_member(file, grouping.siren, member, of_commune, year)

    def read_member(
        self, file: str, siren: str, member: Any, of_commune: dict[str, str], year: int
    ) -> None:
        insee = member.get("code") if isinstance(member, dict) else None
        if insee not in self.rows:
            self.reject(file, f"{siren} / {insee}", "membre qui n’est pas une commune actuelle")
            return
        if insee in of_commune:
            self.reject(file, f"{siren} / {insee}", f"déjà membre de {of_commune[insee]}")
            return
        of_commune[insee] = siren
        self.add_population(file, insee, TOTAL, year, member.get("populationTotale"))
        self.add_population(file, insee, MUNICIPAL, year, member.get("populationMunicipale"))

    def add_population(self, file: str, insee: str, kind: str, year: int, value: Any) -> None:
        """Keeps one figure; a second file that gives the same one another value is rejected."""
        if value is None:
            return
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.reject(file, insee, f"population illisible : {value!r}")
            return
        year = self.vintage.by_department.get(self.rows[insee]["departement"], year)
        kept = self.populations.setdefault((insee, kind, year), value)
        if kept != value:
            self.reject(file, insee, f"population {kind} {year} : {value}, mais {kept} déjà lu")

    def read_communes(self) -> None:
        file = "data/communes.json"
        for insee, row in self.rows.items():
            siren = row.get("siren")
            self.result.communes.append(
                CommuneRecord(
                    insee=insee,
                    name=row["nom"].strip(),
                    department=row["departement"],
                    region=row["region"],
                    zone=row["zone"],
                    siren=siren if isinstance(siren, str) and SIREN.fullmatch(siren) else None,
                    epci=self.epci_of.get(insee),
                    ept=self.ept_of.get(insee),
                    postal_codes=tuple(self.postal_codes(file, row)),
                )
            )
            self.add_population(
                file, insee, MUNICIPAL, self.vintage.communes_year, row.get("population")
            )

    def postal_codes(self, file: str, row: dict[str, Any]) -> Iterator[str]:
        for code in dict.fromkeys(row.get("codesPostaux") or ()):
            if isinstance(code, str) and POSTAL_CODE.fullmatch(code):
                yield code
            else:
                self.reject(file, row["code"], f"code postal illisible : {code!r}")

    def read_formers(self, rows: list[Any]) -> None:
        """Delegated and associated communes, and the districts of Paris, Lyon and Marseille."""
        file = "data/communes.json"
        for row in rows:
            if not isinstance(row, dict) or row.get("type") == CURRENT:
                continue
            try:
                kind = FORMER_KINDS[_known(row, "type", frozenset(FORMER_KINDS))]
                target = _known(
                    row, "commune" if kind == "district" else "chefLieu", self.rows.keys()
                )
                former = FormerRecord(
                    _text(row, "code", INSEE_CODE), _text(row, "nom"), kind, target
                )
            except _BadRow as error:
                self.reject(file, row.get("code"), str(error))
                continue
            self.formers[former.code, target] = former

    def read_old_codes(self) -> None:
        """Codes that led to a commune of today, where no row names what they were."""
        file = "data/communes.json"
        for insee, row in self.rows.items():
            for code in row.get("anciensCodes") or ():
                if isinstance(code, str) and INSEE_CODE.fullmatch(code):
                    former = FormerRecord(code, None, OLD_CODE, insee)
                    self.formers.setdefault((code, insee), former)
                else:
                    self.reject(file, insee, f"ancien code illisible : {code!r}")
