"""A mapping of columns: the small YAML or JSON file that says which column of a regional
observatory's export is the territory, the year, the sector…, and what its words mean in ours.

Everything is read as text: YAML would take « NON » for false and 01004 for a number.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import yaml

from atre.formats.reading import UnreadableFile
from atre.formats.territory_figures import Energy, Level, Sector, Status
from atre.formats.text_files import plain

SCHEMA_FILE: Final = Path(__file__).parent / "column_mapping.json"
MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 8
_OPENING: Final = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSING: Final = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
# The sum of a cutting: `sector` or `energy` is then null.
WHOLE: Final = "total"
# Their words are free identifiers: the schema checks their shape.
FREE: Final = frozenset({"category"})
# Read as they are, without a list of words.
PLAIN_FIELDS: Final = frozenset({"territory", "year", "value"})
NEEDED: Final = ("level", "territory", "year", "measure", "value", "unit")


class MappedMeasure(StrEnum):
    """What an observatory's export may count."""

    CONSUMPTION = "consumption"
    PRODUCTION = "production"
    INSTALLED_POWER = "installed_power"
    EMISSIONS = "emissions"
    POLLUTANT_EMISSIONS = "pollutant_emissions"
    SITES = "sites"
    DWELLINGS = "dwellings"
    POPULATION = "population"


class MappedUnit(StrEnum):
    """Units as they will be given; a value is never converted here."""

    KWH = "kWh"
    MWH = "MWh"
    GWH = "GWh"
    TOE = "tep"
    KTOE = "ktep"
    KW = "kW"
    MW = "MW"
    TCO2E = "tCO2e"
    KTCO2E = "ktCO2e"
    KG = "kg"
    TONNE = "t"
    SITES = "sites"
    DWELLINGS = "dwellings"
    PERSONS = "persons"


class EnergyBasis(StrEnum):
    """Which heating value a gas is counted with."""

    PCI = "pci"
    PCS = "pcs"


OUR_WORDS: Final[Mapping[str, Sequence[str]]] = {
    "level": [*Level],
    "measure": [*MappedMeasure],
    "unit": [*MappedUnit],
    "sector": [*Sector, WHOLE],
    "energy": [*Energy, WHOLE],
    "basis": [*EnergyBasis],
    "status": [Status.PUBLISHED, Status.ESTIMATED, Status.SECRET, Status.MISSING],
}
UNREADABLE_FR = "La correspondance de colonnes n’est ni du YAML ni du JSON lisible"
HUGE_FR = "La correspondance de colonnes fait plus de 256 Ko : ce n’en est pas une."
ALIAS_FR = (
    "La correspondance de colonnes a des renvois YAML (& et *) : écrivez chaque mot en clair."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMapping:
    """A mapping that was checked. `columns`: our field to the file's title; `fixed`: our field to
    the word that holds for the whole file; `words`: our field to {the file's word, plain: ours};
    `ignored`: our field to the words whose lines are left, and counted; `marks`: what a value's
    cell says when it is no number."""

    name: str
    columns: Mapping[str, str]
    fixed: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ignored: Mapping[str, frozenset[str]] = field(default_factory=dict)
    marks: Mapping[str, Status] = field(default_factory=dict)


class _Texts(yaml.BaseLoader):
    """YAML where every scalar is text and a repeated key is refused."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else str(key_node)
            if key in seen:
                line = key_node.start_mark.line + 1
                raise UnreadableFile(
                    f"La correspondance de colonnes dit deux fois « {key} » (ligne {line})."
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def load_mapping(path: Path) -> ColumnMapping:
    """The mapping of a file, checked. Raises UnreadableFile with what is wrong and where.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = Path(folder) / "orcae.yaml"
    ...     _ = written.write_text("columns: {territory: insee}", encoding="utf-8")
    ...     load_mapping(written)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    atre.formats.reading.UnreadableFile: La correspondance de colonnes ne dit ni par une colonne...
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise UnreadableFile(f"{UNREADABLE_FR} : {path.name} ne s’ouvre pas.") from fault
    return mapping_of(content, name=path.stem)


def mapping_of(content: bytes, *, name: str = "correspondance") -> ColumnMapping:
    """The mapping that bytes of YAML or JSON hold. Raises UnreadableFile.

    >>> mapping_of(b'{"columns": {"territory": "insee", "value": "mwh"}, "fixed": {"level": "commune",'
    ...            b'"year": 2021, "measure": "consumption", "unit": "MWh"}}').fixed["year"]
    '2021'
    """
    told = _told(content)
    _check_schema(told)
    columns: dict[str, str] = told["columns"]
    fixed: dict[str, str] = told.get("fixed", {})
    words: dict[str, dict[str, str]] = told.get("words", {})
    ignored: dict[str, list[str]] = told.get("ignored", {})
    _check_fields(columns, fixed, words, ignored)
    marks = {mark.strip().lower(): Status.MISSING for mark in told.get("missing", [])}
    marks |= {mark.strip().lower(): Status.SECRET for mark in told.get("secret", [])}
    return ColumnMapping(
        name=name,
        columns=columns,
        fixed=fixed,
        words={key: _plain_words(key, said) for key, said in words.items()},
        ignored={key: frozenset(map(plain, said)) for key, said in ignored.items()},
        marks={"": Status.MISSING, **marks},
    )


def _told(content: bytes) -> Any:
    if len(content) > MAX_BYTES:
        raise UnreadableFile(HUGE_FR)
    try:
        text = content.decode("utf-8-sig")
        _check_shape(text)
        # A safe loader's subclass: no Python object can be built from the file.
        return yaml.load(text, Loader=_Texts)  # nosec B506
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f" (ligne {mark.line + 1})" if mark else ""
        raise UnreadableFile(f"{UNREADABLE_FR}{where}.") from fault


def _check_shape(text: str) -> None:
    """Refuses aliases, which can unfold without end, and a nesting whose reading time grows with
    its square; stops at the first, before anything is built."""
    depth = 0
    for token in yaml.scan(text, _Texts):
        if isinstance(token, yaml.AliasToken):
            raise UnreadableFile(ALIAS_FR)
        depth += isinstance(token, _OPENING)
        depth -= isinstance(token, _CLOSING)
        if depth > MAX_DEPTH:
            raise UnreadableFile(f"{UNREADABLE_FR} : trop de niveaux.")


def _plain_words(key: str, said: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word, ours in said.items():
        if found.setdefault(plain(word), ours) != ours:
            raise UnreadableFile(
                f"La correspondance de colonnes donne deux sens à « {word} » (words → {key})."
            )
    return found


def _check_schema(told: Any) -> None:
    import jsonschema

    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    try:
        faults = sorted(jsonschema.Draft202012Validator(schema).iter_errors(told), key=str)
    except RecursionError as fault:
        raise UnreadableFile(f"{UNREADABLE_FR}.") from fault
    if faults:
        raise UnreadableFile(f"Correspondance de colonnes : {_fault_fr(faults[0])}")


def _fault_fr(fault: Any) -> str:
    where = " → ".join(map(str, fault.absolute_path)) or "en tête"
    found = str(fault.instance)[:80]
    if fault.validator == "enum":
        return (
            f"{where} : « {found} » n’est pas un de nos mots ({', '.join(fault.validator_value)})."
        )
    if fault.validator == "additionalProperties":
        known = ", ".join(fault.schema.get("properties", {}))
        unknown = next(key for key in fault.instance if key not in fault.schema["properties"])
        return f"{where} : « {unknown} » n’est pas connu ici (on connaît : {known})."
    if fault.validator == "required":
        return f"{where} : il manque « {fault.validator_value[0]} »."
    kinds = {"object": "un tableau « nom : valeur »", "array": "une liste", "string": "un mot"}
    if fault.validator == "type":
        return f"{where} : on attend {kinds.get(fault.validator_value, fault.validator_value)}."
    return f"{where} : « {found} » n’a pas la forme attendue."


def _check_fields(
    columns: Mapping[str, str],
    fixed: Mapping[str, str],
    words: Mapping[str, Any],
    ignored: Mapping[str, Any],
) -> None:
    head = "La correspondance de colonnes"
    for needed in NEEDED:
        if needed not in columns and needed not in fixed:
            raise UnreadableFile(
                f"{head} ne dit ni par une colonne (columns) ni pour tout le fichier (fixed) : {needed}."
            )
    for twice in columns.keys() & fixed.keys():
        raise UnreadableFile(f"{head} dit « {twice} » par une colonne et pour tout le fichier.")
    titles = [plain(title) for title in columns.values()]
    for title in columns.values():
        if titles.count(plain(title)) > 1:
            raise UnreadableFile(f"{head} prend deux fois la colonne « {title} ».")
    for told in columns.keys() - PLAIN_FIELDS - words.keys():
        raise UnreadableFile(
            f"{head} ne dit pas ce que veulent dire les mots de « {told} » (words)."
        )
    for told in sorted((words.keys() | ignored.keys()) - (columns.keys() - PLAIN_FIELDS)):
        raise UnreadableFile(f"{head} donne des mots à « {told} », qui n’a pas de colonne à mots.")
