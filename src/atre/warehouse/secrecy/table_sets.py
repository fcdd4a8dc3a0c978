"""Tables that someone wants to publish, as one linear system: CSV in, cells and their totals out.

One line a cell. `valeur` and `contributeurs` are numbers, `plus_gros` the largest contribution, `publier`
says oui or non; every other column is a cutting. « Total », « ensemble », « tous » or « toutes » in a
cutting marks a line that adds up the others; « total Pays d’Aulnes » is one too, that another table's
total is not. Codes like com:95018 and epci:200054781 add up as communes do.
"""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from atre.calc.errors import RefusedInput
from atre.calc.secrecy.tables import SEPARATOR, LinkedTables, tables_from_totals
from atre.warehouse.secrecy.cells import Flags, Floats

TOTALS = frozenset({"total", "totale", "ensemble", "tous", "toutes", "tout"})
TOTAL = "total"
COLUMNS = {
    "valeur": "value", "value": "value",
    "contributeurs": "contributors", "contributors": "contributors", "menages": "contributors",
    "etablissements": "contributors",
    "plus_gros": "largest", "largest": "largest",
    "publier": "publish", "publish": "publish", "publiee": "publish",
}  # fmt: skip
HIDDEN = frozenset({"", "s", "secret", "nd", "x"})
NO = frozenset({"non", "no", "0", "false", "faux"})
MOST_CELLS = 200_000
# The territories that a territory counts in, by its code: com:95018 → epci:200054781, dep:95, reg:11.
Above = Callable[[str], Sequence[str]]
# How many communes a territory has: fewer in the table, and the others are one hidden cell.
Members = Callable[[str], int]
Cut = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TableSet:
    """Cells to publish: (n,) arrays over `tables`, NaN where the person does not say. `listed`: the
    tables have the cell, which is otherwise only what is left of a total."""

    tables: LinkedTables
    values: Floats
    contributors: Floats
    largest: Floats
    wanted: Flags
    listed: Flags


def read_table_set(
    texts: Iterable[str], indicator: str, *, above: Above, members: Members
) -> TableSet:
    """Several CSV tables of one indicator as one system; a cell of the same cuttings is the same cell.

    Raises `RefusedInput` with a sentence for what cannot be read.
    """
    cells: dict[str, dict[str, float]] = {}
    totals: list[tuple[str, list[str]]] = []
    for text in texts:
        names, rows = _rows(text)
        label = _labels(indicator, names)
        for cut, numbers in rows.items():
            same = cells.setdefault(label(cut), numbers)
            if same is not numbers and same["value"] != numbers["value"]:
                raise RefusedInput(
                    f"« {label(cut)} » a deux valeurs dans ces tableaux.", field="valeur"
                )
        for total, parts in _totals(rows, above, members):
            totals.append((label(total), [label(part) for part in parts]))
    if not totals:
        raise RefusedInput(
            "Aucune ligne de total : écrivez « total » dans un découpage, ou des codes comme com:95018 "
            "et epci:200054781. Sans totaux, il n’y a rien à attaquer.",
            field="total",
        )
    tables = tables_from_totals(totals)
    lacking = [cell for cell in cells if cell not in set(tables.cells)]
    if lacking:
        raise RefusedInput(
            f"« {lacking[0]} » n’entre dans aucun total : ajoutez la ligne du total, ou retirez-la.",
            field="total",
        )
    return _table_set(tables, cells)


def _table_set(tables: LinkedTables, cells: Mapping[str, Mapping[str, float]]) -> TableSet:
    nothing = {"value": np.nan, "contributors": np.nan, "largest": np.nan, "publish": 0.0}
    ordered = [cells.get(str(label), nothing) for label in tables.cells]
    columns = {
        name: np.array([cell[name] for cell in ordered], dtype=np.float64) for name in nothing
    }
    values = _filled(tables, columns["value"])
    wanted = (columns["publish"] > 0) & ~np.isnan(columns["value"])
    listed = np.array([str(label) in cells for label in tables.cells], dtype=bool)
    return TableSet(tables, values, columns["contributors"], columns["largest"], wanted, listed)


def _filled(tables: LinkedTables, values: Floats) -> Floats:
    """What one total and its other parts leave is known: the communes that the table does not list."""
    known = values.copy()
    matrix = tables.equations
    for start, stop in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True):
        places, weights = matrix.indices[start:stop], matrix.data[start:stop]
        unknown = np.isnan(known[places])
        if unknown.sum() == 1:
            rest = -float(weights[~unknown] @ known[places[~unknown]]) / float(weights[unknown][0])
            known[places[unknown]] = max(rest, 0.0)
    return known


def _rows(text: str) -> tuple[list[str], dict[Cut, dict[str, float]]]:
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter))
    titles = [_folded(title) for title in lines[0]] if lines else []
    meanings = [COLUMNS.get(title) for title in titles]
    if "value" not in meanings or "contributors" not in meanings:
        raise RefusedInput(
            "Il faut une colonne « valeur » et une colonne « contributeurs » (ménages ou "
            "établissements de chaque case).",
            field="valeur",
        )
    cuttings = [place for place, meaning in enumerate(meanings) if meaning is None]
    if not cuttings or len(lines) > MOST_CELLS:
        raise RefusedInput(
            f"Il faut au moins une colonne de découpage, et moins de {MOST_CELLS} lignes.",
            field="lignes",
        )
    rows: dict[Cut, dict[str, float]] = {}
    for number, line in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(titles):
            raise RefusedInput(
                f"Ligne {number} : {len(line)} cases au lieu de {len(titles)}.", field="lignes"
            )
        cut = tuple(_named(line[place]) for place in cuttings)
        if cut in rows:
            raise RefusedInput(
                f"Ligne {number} : « {SEPARATOR.join(cut)} » est écrite deux fois.", field="lignes"
            )
        rows[cut] = _numbers(line, meanings, number)
    return [titles[place] for place in cuttings], rows


def _numbers(line: Sequence[str], meanings: Sequence[str | None], number: int) -> dict[str, float]:
    found = {"value": np.nan, "contributors": np.nan, "largest": np.nan, "publish": 1.0}
    for text, meaning in zip(line, meanings, strict=True):
        word = _folded(text)
        if meaning == "publish":
            found[meaning] = 0.0 if word in NO else 1.0
        elif meaning is not None and word not in HIDDEN:
            try:
                found[meaning] = float(word.replace(" ", "").replace(",", "."))
            except ValueError:
                raise RefusedInput(
                    f"Ligne {number} : « {text} » n’est pas un nombre ; écrivez « s » pour une case "
                    "masquée.",
                    field="valeur",
                ) from None
    return found


def _totals(
    rows: Mapping[Cut, object], above: Above, members: Members
) -> list[tuple[Cut, list[Cut]]]:
    """Every total of every axis, in the lines there are."""
    names = list(zip(*rows, strict=True))
    whole = [sorted({name for name in axis if _is_total(name)}) for axis in names]
    found: dict[tuple[int, Cut, str], list[Cut]] = {}
    for cut in rows:
        for axis, name in enumerate(cut):
            if _is_total(name):
                continue
            owners = [owner for owner in above(name) if _with(cut, axis, owner) in rows]
            for owner in owners or whole[axis]:
                total = _with(cut, axis, owner)
                if total in rows:
                    found.setdefault((axis, total, _kind(name)), []).append(cut)
    answer = []
    for (axis, total, kind), parts in found.items():
        name = total[axis]
        if not _is_total(name) and not kind and len(parts) < members(name):
            parts = [*parts, _with(total, axis, f"autres communes de {name}")]
        answer.append((total, parts))
    return answer


def _named(text: str) -> str:
    """A cutting's name; the words for a total are one."""
    first, _, rest = text.strip().partition(" ")
    if _folded(first) in TOTALS:
        return f"{TOTAL} {rest.strip()}".strip()
    return text.strip()


def _is_total(name: str) -> bool:
    return name == TOTAL or name.startswith(f"{TOTAL} ")


def _kind(name: str) -> str:
    """Departments and regions cut a country in another way than communes and EPCI do."""
    prefix = name.partition(":")[0]
    return prefix if prefix in {"dep", "reg"} else ""


def _with(cut: Cut, axis: int, name: str) -> Cut:
    return (*cut[:axis], name, *cut[axis + 1 :])


def _labels(indicator: str, names: Sequence[str]) -> Callable[[Cut], str]:
    """A cell's name, the same whatever the order of the columns: it links one release to the next."""
    order = sorted(range(len(names)), key=lambda place: names[place])

    def label(cut: Cut) -> str:
        return SEPARATOR.join([indicator, *(f"{names[place]} {cut[place]}" for place in order)])

    return label


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.strip().lower().replace("\u202f", " "))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).replace(
        "\u00a0", " "
    )
