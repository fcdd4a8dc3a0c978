"""When the works of each meter were, in a CSV beside the table of meters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv

from atre.formats.reading import UnreadableFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """One meter's works: first day, first day after, its weather's place, and its group."""

    start_day: int
    end_day: int
    place: str | None
    is_comparison: bool


def works_by_meter(path: Path) -> dict[str, Works]:
    r"""The works of each meter: CSV `meter_id,event`, with `works_end`, `place` and `group` if
    wanted.

    `event` is the first day of the works, `works_end` the first one after them, counted in days
    from 1 January 1970. `group` is « comparison » for a dwelling without works, whose `event` is
    then the date compared. Raises UnreadableFile, naming the line.

    >>> from tempfile import TemporaryDirectory
    >>> folder = TemporaryDirectory()
    >>> path = Path(folder.name, "e.csv")
    >>> _ = path.write_text("meter_id,event,works_end\nA,1970-01-11,1970-01-13\n")
    >>> works_by_meter(path)
    {'A': Works(start_day=10, end_day=12, place=None, is_comparison=False)}
    >>> _ = path.write_text("meter_id,event\nA,11/01/1970\n")
    >>> works_by_meter(path)
    Traceback (most recent call last):
    ...
    atre.formats.reading.UnreadableFile: Ligne 2 : écrivez les dates comme 2024-11-15.
    >>> folder.cleanup()
    """
    texts = ("meter_id", "event", "works_end", "place", "group")
    try:
        table = pa_csv.read_csv(
            path,
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(texts, pa.string()), strings_can_be_null=True
            ),
        )
    except pa.ArrowInvalid as fault:
        raise UnreadableFile(f"{path.name} ne se lit pas comme un CSV.") from fault
    if not {"meter_id", "event"} <= set(table.column_names):
        raise UnreadableFile("Le fichier des travaux doit avoir les colonnes meter_id et event.")
    rows = table.select([name for name in texts if name in table.column_names]).to_pylist()
    found: dict[str, Works] = {}
    for line, row in enumerate(rows, start=2):
        works = _works(row, line)
        if row["meter_id"] in found:
            raise UnreadableFile(f"Ligne {line} : le compteur « {row['meter_id']} » y est déjà.")
        found[row["meter_id"]] = works
    return found


def _works(row: Mapping[str, Any], line: int) -> Works:
    try:
        start = date.fromisoformat(row["event"])
        end = date.fromisoformat(row.get("works_end") or row["event"])
    except (TypeError, ValueError) as fault:
        raise UnreadableFile(f"Ligne {line} : écrivez les dates comme 2024-11-15.") from fault
    if end < start or not row["meter_id"]:
        raise UnreadableFile(f"Ligne {line} : compteur absent, ou travaux finis avant leur début.")
    epoch = date(1970, 1, 1)
    return Works(
        start_day=(start - epoch).days,
        end_day=(end - epoch).days,
        place=row.get("place"),
        is_comparison=row.get("group") == "comparison",
    )
