"""Codes as published, and the commune of today that each one leads to."""

from enum import StrEnum

from atre.warehouse import engine as e
from atre.warehouse.engine import Engine, Table
from atre.warehouse.folders import Folders

COMMUNES_FILE = "communes-2026.parquet"
FORMERS_FILE = "formers.parquet"
GEOGRAPHY_YEAR = 2026
DISTRICT = "district"


class Geography(StrEnum):
    """What a commune code of a file is today."""

    CURRENT = "current"
    # Merged since: its figures go to the commune it joined.
    FORMER = "former"
    # An arrondissement of Paris, Lyon or Marseille.
    DISTRICT = "district"
    # No commune of today and none that it leads to.
    OUTSIDE = "outside"


def communes(engine: Engine, folders: Folders) -> Table:
    """The communes of today with what they belong to: code, name, department, region, epci, ept."""
    return engine.table([folders.reference / COMMUNES_FILE])


def places(engine: Engine, folders: Folders) -> Table:
    """One row a code that a file may hold: `published` code, `commune` of today, `geography`."""
    today = communes(engine, folders)
    formers = engine.table([folders.reference / FORMERS_FILE])
    current = today.select(
        published=today.code,
        commune=today.code,
        geography=e.literal(Geography.CURRENT.value),
    )
    former = formers.anti_join(today, formers.code == today.code)
    # A commune divided since leads to several of today: its figures cannot be shared out.
    former = former.filter(former.code_2026.notnull())
    former = former.group_by(former.code).agg(
        commune=former.code_2026.min(),
        is_district=(former.kind == DISTRICT).any(),
    )
    former = former.select(
        published=former.code,
        commune=former.commune,
        geography=former.is_district.ifelse(Geography.DISTRICT.value, Geography.FORMER.value),
    )
    return e.union(current, former)
