"""Read the parameter files, refuse them whole if anything is wrong, look values up by date."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import yaml

from atre.calc.parameters.model import (
    Confidence,
    DatedValue,
    NoSuchParameter,
    Parameter,
    ParameterFileError,
    PersonsTable,
    Source,
    UnknownParameter,
    Value,
)

if TYPE_CHECKING:
    import jsonschema

HERE = Path(__file__).parent
VALUES_FOLDER = HERE / "values"
SCHEMA_FILE = HERE / "schema.json"


# How a key is written in a file: what finds its file without reading any as YAML.
KEY_LINE = re.compile(r"^ *- (?:\{ *)?key: *([a-z0-9_.]+)", re.MULTILINE)


class _Strictness:
    """YAML where dates stay text (the schema checks them) and a repeated key is an error.

    Plain PyYAML keeps the last of two equal keys without a word: in a table of ceilings that
    would silently replace a legal amount.
    """

    yaml_implicit_resolvers: ClassVar = {
        first: [
            (tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"
        ]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=deep)  # type: ignore[attr-defined]
            if key in seen:
                raise ParameterFileError(
                    f"key {key!r} written twice, line {key_node.start_mark.line + 1}"
                )
            seen.add(key)
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)  # type: ignore[misc]
        return found


@cache
def strict_loader(base: type) -> type:
    """A safe loader of PyYAML, in Python or on libyaml, made strict: see `_Strictness`.

    >>> strict = strict_loader(yaml.SafeLoader)
    >>> yaml.load("{valid_from: 2026-01-01}", Loader=strict)
    {'valid_from': '2026-01-01'}
    >>> yaml.load("{ceiling: 1, ceiling: 2}", Loader=strict)
    Traceback (most recent call last):
        ...
    atre.calc.parameters.model.ParameterFileError: key 'ceiling' written twice, line 1
    """
    return type("StrictLoader", (_Strictness, base), {})


# libyaml reads our files in a tenth of the time; a PyYAML built without it still reads.
_LOADER = strict_loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def load_folder(folder: Path) -> Mapping[str, Parameter]:
    """Read every `*.yaml` of a folder into parameters by key, checked in full.

    Raises `ParameterFileError` naming the file and the place: shape against our JSON Schema,
    a key defined twice, an impossible date, a gap or an overlap between two periods.

    >>> load_folder(HERE)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    atre.calc.parameters.model.ParameterFileError: no parameter file in ...
    """
    import jsonschema

    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    found: dict[str, Parameter] = {}
    for path in sorted(folder.glob("*.yaml")):
        for parameter_read in _read_file(path, validator):
            if parameter_read.key in found:
                raise ParameterFileError(f"{path.name}: {parameter_read.key} is already defined")
            found[parameter_read.key] = parameter_read
    if not found:
        raise ParameterFileError(f"no parameter file in {folder}")
    if set(keys_by_file(folder)) != set(found):
        raise ParameterFileError(
            f"{folder.name}: each parameter starts with « - key: » on its line"
        )
    return MappingProxyType(dict(sorted(found.items())))


def keys_by_file(folder: Path) -> Mapping[str, Path]:
    """Where each key is, by a search for its line: some milliseconds for all the files.

    >>> keys_by_file(VALUES_FOLDER)["anah.ceilings.idf.modestes"].name
    'anah_ceilings.yaml'
    """
    return {
        key: path
        for path in sorted(folder.glob("*.yaml"))
        for key in KEY_LINE.findall(path.read_text(encoding="utf-8"))
    }


def _read_file(
    path: Path, validator: "jsonschema.Draft202012Validator | None"
) -> Iterable[Parameter]:
    # Made strict from a safe loader: no Python object can be built from the file.
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # nosec B506
    problem = None if validator is None else next(iter(validator.iter_errors(content)), None)
    if problem is not None:
        place = "/".join(str(step) for step in problem.absolute_path)
        raise ParameterFileError(f"{path.name}: {place}: {problem.message}")
    for raw in content["parameters"]:
        yield _parameter_from(raw, path.name)


def _parameter_from(raw: Mapping[str, Any], file_name: str) -> Parameter:
    values = tuple(_dated_value_from(raw, entry, file_name) for entry in raw["values"])
    _refuse_gap_or_overlap(values, f"{file_name}: {raw['key']}")
    return Parameter(key=raw["key"], label_fr=raw["label_fr"], unit=raw["unit"], values=values)


def _dated_value_from(
    raw: Mapping[str, Any], entry: Mapping[str, Any], file_name: str
) -> DatedValue:
    where = f"{file_name}: {raw['key']}"
    return DatedValue(
        key=raw["key"],
        label_fr=raw["label_fr"],
        unit=raw["unit"],
        value=_value_from(entry["value"]),
        valid_from=_day(entry["valid_from"], where),
        valid_to=_day(entry["valid_to"], where),
        source=Source(**entry["source"]),
        confidence=Confidence(entry["confidence"]),
        note_fr=entry.get("note_fr"),
    )


def _value_from(raw: Any) -> Value:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, list):
        return tuple(raw)
    if not isinstance(raw, dict):
        return float(raw)
    if "persons" in raw:
        return PersonsTable(tuple(raw["persons"]), raw["per_extra_person"])
    return MappingProxyType({name: float(number) for name, number in raw.items()})


def _day(text: str | None, where: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ParameterFileError(f"{where}: {text} is not a date") from error


def _refuse_gap_or_overlap(values: tuple[DatedValue, ...], where: str) -> None:
    for value in values:
        if value.valid_from and value.valid_to and value.valid_to < value.valid_from:
            raise ParameterFileError(
                f"{where}: ends {value.valid_to} before it starts {value.valid_from}"
            )
    for earlier, later in pairwise(values):
        if earlier.valid_to is None or later.valid_from is None:
            raise ParameterFileError(f"{where}: an open period is followed by another one")
        expected = earlier.valid_to + timedelta(days=1)
        if later.valid_from != expected:
            kind = "overlap" if later.valid_from < expected else "gap"
            raise ParameterFileError(
                f"{where}: {kind} in time: {later.valid_from} should be {expected}"
            )


@cache
def all_parameters() -> Mapping[str, Parameter]:
    """Every parameter of the product, by key; the files are read and checked once a process.

    >>> share = all_parameters()["energy_poverty.tee_threshold"]
    >>> share.unit, [(value.number, value.valid_to) for value in share.values]
    ('ratio', [(0.08, None)])
    """
    return load_folder(VALUES_FOLDER)


@cache
def _our_keys() -> Mapping[str, Path]:
    return keys_by_file(VALUES_FOLDER)


@cache
def parameters_of(path: Path) -> Mapping[str, Parameter]:
    """The parameters of one of our files, by key, read once a process.

    Its shape was checked before it shipped (`all_parameters`, in the tests and by `./atre rules`):
    most of the time of reading is not spent on it again. Periods are checked always.

    >>> ceilings = parameters_of(VALUES_FOLDER / "anah_ceilings.yaml")
    >>> ceilings["anah.ceilings.hors_idf.modestes"].on(date(2026, 6, 1)).table.persons[0]
    22259
    """
    return {found.key: found for found in _read_file(path, None)}


def parameter(key: str, *, on: date) -> DatedValue:
    """The value of a parameter on a day, with its unit, source and confidence.

    Reads the file of that key only. Raises `UnknownParameter` when no value is known that day,
    `NoSuchParameter` for a key that no file defines.

    >>> parameter("energy_poverty.tee_threshold", on=date(2026, 1, 1)).number
    0.08
    """
    path = _our_keys().get(key)
    if path is None:
        raise NoSuchParameter(key)
    return parameters_of(path)[key].on(on)


def parameters_on(on: date) -> Mapping[str, DatedValue]:
    """Every value known on a day, by key; a key without a value that day is absent.

    >>> "anah.ceilings.idf.modestes" in parameters_on(date(2026, 6, 1))
    True
    >>> "anah.ceilings.idf.modestes" in parameters_on(date(2030, 6, 1))
    False
    """
    known: dict[str, DatedValue] = {}
    for key, found in all_parameters().items():
        try:
            known[key] = found.on(on)
        except UnknownParameter:
            # Absence is the answer here: `diff` shows the key as unknown at that date.
            continue
    return MappingProxyType(known)
