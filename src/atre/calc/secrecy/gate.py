"""The gate: a release is attacked with everything published before it, and refused if it opens.

Differencing across dates, perimeters or filters needs no rule of its own: an earlier release is
more rows of the same linear system. It holds as long as a cell keeps its label from one release
to the next, and a total that a reader can write between two tables is written as an equation.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from atre.calc.errors import CalcRefusal, RefusedInput
from atre.calc.secrecy.attack import Enough, Intervals, attack_intervals
from atre.calc.secrecy.certificate import Certificate, Side, certificate
from atre.calc.secrecy.hidden_system import hidden_flags
from atre.calc.secrecy.protection import protect
from atre.calc.secrecy.rules import ProtectionLevels
from atre.calc.secrecy.tables import Floats, LinkedTables, join_tables, table_values

Flags = NDArray[np.bool_]

# A bound is said reached within a millionth of the distance asked for, and what sums cannot tell.
ATTACK_PRECISION = 1e-6
SUMS_PRECISION = 1e-2


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """What goes out under one name. Arrays of shape (n,) over the cells of `tables`.

    `values`: what the agency holds, secret cells included, NaN if it does not hold it.
    `published`: what readers see. `secret`: what they must not compute, with its `levels`.
    A cell that is neither is only absent.
    """

    label_fr: str
    tables: LinkedTables
    values: Floats
    published: Flags
    secret: Flags
    levels: ProtectionLevels


@dataclass(frozen=True, slots=True)
class Opening:
    """A secret cell that readers can compute too closely. The bounds are as secret as the cell."""

    cell: str
    lower: float
    upper: float
    exact: bool
    proofs: tuple[Certificate, ...]
    releases: tuple[str, ...]

    @property
    def sentence_fr(self) -> str:
        """What opens the cell, without a figure: fit for a screen, a log or a letter."""
        if not self.proofs:
            return f"« {self.cell} » est secrète et publiée ({self._among_fr})."
        how = "se recalcule exactement" if self.exact else "se laisse encadrer de trop près"
        parts = [
            f"{'au moins' if proof.side is Side.LOWER else 'au plus'} {proof.formula_fr}"
            for proof in self.proofs
        ]
        if self.exact:
            parts = [self.proofs[-1].formula_fr]
        equations = dict.fromkeys(line for proof in self.proofs for line in proof.equations)
        return (
            f"« {self.cell} » {how} à partir de ce qui est publié ({self._among_fr}) : "
            f"{' ; '.join(parts)}. Totaux utilisés : {' ; '.join(equations)}."
        )

    @property
    def _among_fr(self) -> str:
        return ", ".join(self.releases)


class OpenRelease(CalcRefusal):
    """A release that must not go out as it is; `openings` are as secret as the cells."""

    def __init__(self, label_fr: str, openings: tuple[Opening, ...]) -> None:
        more = len(openings) - 1
        others = f" {more} autre{'s' if more > 1 else ''} avec elle." if more else ""
        super().__init__(
            f"« {label_fr} » ne peut pas être publié. {openings[0].sentence_fr}{others}",
            field="published",
        )
        self.openings = openings


def refuse_open_release(new: Release, earlier: Sequence[Release] = ()) -> None:
    """Pass in silence when no secret cell, of this release or an earlier one, can be computed.

    Arrays of each release over its own cells, (n,), in its table's unit. Raises `OpenRelease`
    naming the first cell and the published cells and totals that open it; `RefusedInput` when two
    releases give one cell two values; `AttackFailed` when in doubt.

    A total and all its parts but one are out: the last one is their difference.

    >>> from atre.calc.secrecy.tables import tables_from_totals
    >>> levels = ProtectionLevels(below=np.full(3, 5.0), above=np.full(3, 5.0))
    >>> open_release = Release("Gaz 2024", tables_from_totals({"EPCI": ["A", "B"]}),
    ...     values=np.array([100.0, 60.0, 40.0]), published=np.array([True, True, False]),
    ...     secret=np.array([False, False, True]), levels=levels)
    >>> try:
    ...     refuse_open_release(open_release)
    ... except OpenRelease as refusal:
    ...     print(refusal.openings[0].cell, refusal.openings[0].proofs[-1].formula_fr)
    B « EPCI » − « A »
    >>> refuse_open_release(replace(open_release, published=np.array([True, False, False])))
    """
    found = find_openings(new, earlier)
    if found:
        raise OpenRelease(new.label_fr, found)


def find_openings(new: Release, earlier: Sequence[Release] = ()) -> tuple[Opening, ...]:
    """Every secret cell that all releases together bound more tightly than its levels allow.

    Bounds in the table's unit, as secret as the cells. A cell is closed when its interval reaches
    `below` under the value and `above` over it; a secret cell whose value the agency does not hold,
    when its interval is as wide as both. Raises as `refuse_open_release`, `OpenRelease` apart.

    The first release hid B. A second one, with C and the total of B and C, gives it away:

    >>> from atre.calc.secrecy.tables import tables_from_totals
    >>> levels = ProtectionLevels(below=np.full(3, 5.0), above=np.full(3, 5.0))
    >>> first = Release("EPCI", tables_from_totals({"EPCI": ["A", "B"]}),
    ...     values=np.array([100.0, 60.0, 40.0]), published=np.array([True, False, False]),
    ...     secret=np.array([False, False, True]), levels=levels)
    >>> second = Release("Canton", tables_from_totals({"Canton": ["B", "C"]}),
    ...     values=np.array([70.0, 40.0, 30.0]), published=np.array([True, False, True]),
    ...     secret=np.zeros(3, bool), levels=levels)
    >>> find_openings(first), [(one.cell, one.upper) for one in find_openings(second, [first])]
    ((), [('B', 40.0)])
    """
    ledger = _Ledger([*earlier, new])
    hidden = ~ledger.published
    bounds = attack_intervals(
        ledger.tables, ledger.values, hidden, enough=Enough(*ledger.needed(hidden))
    )
    too_narrow = ledger.secret & (ledger.published | ledger.is_too_narrow(bounds))
    return tuple(ledger.opening(int(cell), bounds) for cell in np.flatnonzero(too_narrow))


def close_release(new: Release, earlier: Sequence[Release] = ()) -> Release:
    """The same release with the complementary suppressions that let it through the gate.

    Nothing already published is taken back, and what goes is chosen to lose the least value. Raises
    `CannotProtect` when what is out already leaves a secret cell no room; `RefusedInput` when a
    value is not held. Method: see `protection.protect`.

    A is secret, and its total is out: the smallest of the others goes with it.

    >>> from atre.calc.secrecy.tables import tables_from_totals
    >>> four = Release("Gaz 2024", tables_from_totals({"EPCI": ["A", "B", "C"]}),
    ...     values=np.array([140.0, 40.0, 70.0, 30.0]),
    ...     published=np.array([True, False, True, True]),
    ...     secret=np.array([False, True, False, False]),
    ...     levels=ProtectionLevels(below=np.full(4, 5.0), above=np.full(4, 5.0)))
    >>> close_release(four).published.tolist()
    [True, False, True, False]
    """
    if not find_openings(new, earlier):
        return new
    ledger = _Ledger([*earlier, new])
    out_already = np.zeros(ledger.tables.size, dtype=bool)
    for release, places in zip(earlier, ledger.where[:-1], strict=True):
        out_already[places] |= release.published
    hidden_before = ~ledger.published
    # What readers do not see may move; what is secret must; the rest is hidden at its cost.
    found = protect(
        ledger.tables,
        ledger.values,
        ledger.secret & hidden_before,
        ProtectionLevels(ledger.below, ledger.above),
        already_published=out_already,
        already_hidden=hidden_before,
    )
    published = new.published & ~found.hidden[ledger.where[-1]]
    return replace(new, published=published)


class _Ledger:
    """All releases as one set of linked tables."""

    def __init__(self, releases: Sequence[Release]) -> None:
        self.releases = releases
        self.tables, self.where = join_tables([release.tables for release in releases])
        size = self.tables.size
        self.values = np.full(size, np.nan)
        self.published, self.secret = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
        self.below, self.above = np.zeros(size), np.zeros(size)
        for release, places in zip(releases, self.where, strict=True):
            self._add(release, places)

    def _add(self, release: Release, places: NDArray[np.intp]) -> None:
        values = table_values(release.tables, release.values)
        published = hidden_flags(release.tables, release.published)
        secret = hidden_flags(release.tables, release.secret)
        before = self.values[places]
        both = self.published[places] & published
        apart = np.flatnonzero(both & (np.abs(values - before) > ATTACK_PRECISION * (1 + before)))
        if apart.size:
            raise RefusedInput(
                f"« {release.tables.cells[apart[0]]} » a déjà été publiée avec une autre valeur : "
                "une révision est une autre case, à nommer par son millésime.",
                field="values",
            )
        # A published figure wins over one only held: it is the one readers compute with.
        wins = (published | np.isnan(before)) & ~self.published[places]
        self.values[places] = np.where(wins, values, before)
        self.published[places] |= published
        self.secret[places] |= secret
        for kept, level in ((self.below, release.levels.below), (self.above, release.levels.above)):
            kept[places] = np.fmax(kept[places], np.where(secret, level, 0.0))

    def needed(self, hidden: Flags) -> tuple[Floats, Floats]:
        """Bounds that close each secret cell; none asked of a cell that is not secret."""
        low = np.where(self.secret & hidden, self.values - self.below, np.inf)
        high = np.where(self.secret & hidden, self.values + self.above, -np.inf)
        return low, high

    def is_too_narrow(self, bounds: Intervals) -> Flags:
        margin = ATTACK_PRECISION * (
            self.below + self.above + SUMS_PRECISION * self._surroundings()
        )
        around = (bounds.lower > self.values - self.below + margin) | (
            bounds.upper < self.values + self.above - margin
        )
        with np.errstate(invalid="ignore"):
            width = bounds.upper - bounds.lower
        # A cell that nothing bounds is inf wide; unknown values compare as False above.
        narrow = width < self.below + self.above - margin
        return np.asarray(np.where(np.isnan(self.values), narrow, around))

    def _surroundings(self) -> Floats:
        """The largest published value in the totals of each cell: its sums are no surer."""
        entries = self.tables.equations.tocoo()
        shown = np.where(self.published, self.values, 0.0)
        in_row, around = np.zeros(self.tables.equations.shape[0]), np.zeros(self.tables.size)
        np.maximum.at(in_row, entries.row, shown[entries.col])
        np.maximum.at(around, entries.col, in_row[entries.row])
        return around

    def opening(self, cell: int, bounds: Intervals) -> Opening:
        low, high = float(bounds.lower[cell]), float(bounds.upper[cell])
        names = tuple(
            release.label_fr
            for release, places in zip(self.releases, self.where, strict=True)
            if release.published.any() and np.isin(cell, places)
        )
        if self.published[cell]:
            return Opening(str(self.tables.cells[cell]), low, high, True, (), names)
        value = self.values[cell]
        exact = high - low <= ATTACK_PRECISION * (1 + abs(high))
        sides = [
            side
            for side, opens in (
                (Side.LOWER, low > 0 and not low <= value - self.below[cell]),
                (Side.UPPER, not high >= value + self.above[cell]),
            )
            if opens or exact
        ]
        proofs = [certificate(self.tables, self.values, ~self.published, cell, s) for s in sides]
        kept = tuple(proof for proof in proofs if proof is not None)
        return Opening(str(self.tables.cells[cell]), low, high, bool(exact), kept, self._used(kept))

    def _used(self, proofs: Sequence[Certificate]) -> tuple[str, ...]:
        """The releases that hold the published cells of a proof."""
        labels = {label for proof in proofs for label, _ in proof.published}
        used = self.tables.positions(sorted(labels))
        return tuple(
            release.label_fr
            for release, places in zip(self.releases, self.where, strict=True)
            if np.isin(used, places[release.published]).any()
        )
