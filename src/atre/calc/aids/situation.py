"""The situations of n households as arrays: who, where, which dwelling, which works.

Columns are named in `situation_fields.FIELDS`; one that is not given is unknown for everybody.
Works are rows of their own, each pointing to its household, so that a project may have any number
of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.aids.result import Euros, Flags
from atre.calc.aids.situation_fields import FIELDS, GESTES_BY_CODE, Field, FieldKind, Geste
from atre.calc.errors import RefusedInput
from atre.calc.three_valued import UNKNOWN_CODE, Codes, known_flags
from atre.calc.wording import list_fr, number_fr


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """m works of n households.

    `household` int64 (m,): row of the household. `geste` int8 (m,): rank in `Geste`. `quantity`
    (m,): square metres or windows, NaN unknown; ignored for what is counted once. `cost_ht_eur`
    and `cost_ttc_eur` (m,): euros for the whole line, NaN unknown. `cee_eur` (m,): the CEE offer
    for the line, 0 when none was asked, NaN (or None for all) unknown.
    """

    household: NDArray[np.int64]
    geste: Codes
    quantity: Euros
    cost_ht_eur: Euros
    cost_ttc_eur: Euros
    cee_eur: Euros | None = None

    @property
    def cee_offer_eur(self) -> Euros:
        """The CEE offers, shape (m,), NaN unknown."""
        return np.full(self.household.shape, np.nan) if self.cee_eur is None else self.cee_eur

    def total(self, column: Euros, n: int) -> Euros:
        """Sum of a column by household, shape (n,): 0 without works, NaN if one line lacks it."""
        summed: Euros = np.bincount(self.household, weights=column, minlength=n).astype(np.float64)
        return summed

    def of_households(self, place: NDArray[np.int64]) -> "Works":
        """The lines of the households that `place` numbers anew, shape (n,); -1 leaves one out."""
        household = place[self.household]
        return self._lines(household >= 0, household[household >= 0])

    def by_household(self) -> "Works":
        """The same lines, those of each household together, in the households' order."""
        if (self.household[1:] >= self.household[:-1]).all():
            return self
        order = np.argsort(self.household, kind="stable")
        return self._lines(order, self.household[order])

    def between(self, start: int, stop: int) -> "Works":
        """The lines of households `start` to `stop`, numbered from 0; lines sorted by household."""
        first, last = np.searchsorted(self.household, [start, stop])
        return self._lines(slice(first, last), self.household[first:last] - start)

    def _lines(self, kept: Any, household: NDArray[np.int64]) -> "Works":
        return Works(
            household=household,
            geste=self.geste[kept],
            quantity=self.quantity[kept],
            cost_ht_eur=self.cost_ht_eur[kept],
            cost_ttc_eur=self.cost_ttc_eur[kept],
            cee_eur=None if self.cee_eur is None else self.cee_eur[kept],
        )

    def any_of(self, rows: Flags, n: int) -> Flags:
        """Whether a household has at least one of these lines, shape (n,)."""
        found = np.zeros(n, np.bool_)
        found[self.household[rows]] = True
        return found

    def is_geste(self, *gestes: Geste) -> Flags:
        """The lines of these gestes, shape (m,)."""
        wanted = np.zeros(len(GESTES_BY_CODE), np.bool_)
        wanted[[GESTES_BY_CODE.index(geste) for geste in gestes]] = True
        return wanted[self.geste]


@dataclass(frozen=True, slots=True)
class Situations:
    """n households; read a column by its kind: `number`, `flag` or `choice`.

    >>> two = Situations.of(2, rfr_eur=[21000.0, np.nan], dpe_before=["F", None])
    >>> two.choice("dpe_before").tolist(), two.flag("rge_firms").tolist()
    ([5, -1], [-1, -1])
    """

    n: int
    columns: Mapping[str, NDArray[Any]]
    works: Works | None = field(default=None)

    @classmethod
    def of(cls, n: int, *, works: Works | None = None, **columns: Any) -> Self:
        """Check and hold columns of shape (n,) or one value for all.

        Numbers: NaN or None = unknown. Flags: booleans, or codes 1, 0, -1. Choices: names with
        None, or int8 ranks with -1. Raises `RefusedInput` for a value out of bounds (nothing is
        kept then) and `KeyError` for a column that no field names.
        """
        read = {name: _column(name, values, n) for name, values in columns.items()}
        if works is not None:
            works = _checked_works(works, n)
        return cls(n, read, works)

    def with_columns(self, **columns: Any) -> "Situations":
        """The same households with some columns replaced or added."""
        added = Situations.of(self.n, **columns).columns
        return Situations(self.n, {**self.columns, **added}, self.works)

    def rows(self, wanted: NDArray[np.int64]) -> "Situations":
        """Some of the households, in the order asked: those of one deposit date, or one batch.

        `wanted`: distinct row numbers, shape (k,).

        >>> Situations.of(3, rfr_eur=[1.0, 2.0, 3.0]).rows(np.array([2, 0])).number("rfr_eur")
        array([3., 1.])
        """
        columns = {name: values[wanted] for name, values in self.columns.items()}
        if self.works is None:
            return Situations(wanted.size, columns)
        place = np.full(self.n, -1, dtype=np.int64)
        place[wanted] = np.arange(wanted.size)
        if (place[wanted] != np.arange(wanted.size)).any():
            raise ValueError("a household was asked for twice")
        return Situations(wanted.size, columns, self.works.of_households(place))

    def batches(self, size: int) -> Iterator["Situations"]:
        """The same households, `size` at a time, in order, so that memory stays bounded.

        >>> [batch.n for batch in Situations.of(5, rfr_eur=1.0).batches(2)]
        [2, 2, 1]
        """
        return self.between_bounds([*range(0, self.n, size), self.n])

    def between_bounds(self, bounds: Sequence[int]) -> Iterator["Situations"]:
        """The same households cut at `bounds`, rising from 0 to n."""
        works = None if self.works is None else self.works.by_household()
        for start, stop in pairwise(bounds):
            columns = {name: values[start:stop] for name, values in self.columns.items()}
            own = None if works is None else works.between(start, stop)
            yield Situations(stop - start, columns, own)

    def number(self, name: str) -> Euros:
        """A number column, float64 (n,), NaN unknown."""
        return self._get(name, FieldKind.NUMBER)

    def flag(self, name: str) -> Codes:
        """A yes/no column, int8 (n,): 1, 0, -1."""
        return self._get(name, FieldKind.FLAG)

    def choice(self, name: str) -> Codes:
        """A choice column, int8 (n,): rank among the field's choices, -1 unknown."""
        return self._get(name, FieldKind.CHOICE)

    def rank(self, name: str, choice: str) -> int:
        """The code of one choice of a field."""
        return FIELDS[name].choices.index(choice)

    def unknown(self, name: str) -> Flags:
        """The rows where an input lacks, shape (n,)."""
        if FIELDS[name].kind is FieldKind.NUMBER:
            return np.isnan(self.number(name))
        codes: Codes = self._get(name, FIELDS[name].kind)
        lacking: Flags = codes == UNKNOWN_CODE
        return lacking

    def _get(self, name: str, kind: FieldKind) -> NDArray[Any]:
        if FIELDS[name].kind is not kind:
            raise TypeError(f"{name} is a {FIELDS[name].kind}")
        found = self.columns.get(name)
        if found is not None:
            return found
        blank: Any = np.nan if kind is FieldKind.NUMBER else np.int8(UNKNOWN_CODE)
        return np.broadcast_to(np.asarray(blank), (self.n,))


def _column(name: str, values: Any, n: int) -> NDArray[Any]:
    spec = FIELDS[name]
    read = {
        FieldKind.NUMBER: _numbers,
        FieldKind.FLAG: _flags,
        FieldKind.CHOICE: _choices,
    }[spec.kind](name, spec, values)
    return np.broadcast_to(read, (n,))


def _numbers(name: str, spec: Field, values: Any) -> NDArray[Any]:
    read = _checked_floats(name, values)
    if ((read < spec.low) | (read > spec.high)).any():
        raise RefusedInput(
            f"Hors limites : {spec.label_fr} doit être entre {number_fr(spec.low)} et "
            f"{number_fr(spec.high)}.",
            field=name,
        )
    return read


def _flags(name: str, spec: Field, values: Any) -> NDArray[Any]:
    if isinstance(values, np.ndarray):
        return known_flags(values)
    one = values if isinstance(values, Sequence) else [values]
    if any(value not in (True, False, None) for value in one):
        raise RefusedInput(f"Oui, non ou rien : {spec.label_fr}.", field=name)
    return np.array([-1 if value is None else int(value) for value in one], dtype=np.int8)


def _choices(name: str, spec: Field, values: Any) -> NDArray[Any]:
    if isinstance(values, np.ndarray) and values.dtype == np.int8:
        if ((values < UNKNOWN_CODE) | (values >= len(spec.choices))).any():
            raise RefusedInput(f"Code inconnu : {spec.label_fr}.", field=name)
        return values
    one = [values] if isinstance(values, str) or values is None else list(values)
    unheard = [value for value in one if value is not None and value not in spec.choices]
    if unheard:
        raise RefusedInput(
            f"« {unheard[0]} » n’est pas prévu pour {spec.label_fr} : {list_fr(spec.choices)}.",
            field=name,
        )
    codes = [UNKNOWN_CODE if value is None else spec.choices.index(value) for value in one]
    return np.array(codes, dtype=np.int8)


def _checked_floats(name: str, values: ArrayLike | None) -> Euros:
    """Numbers as float64, None and NaN alike unknown; text and infinities refused."""
    try:
        read = np.atleast_1d(np.asarray(values, dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise RefusedInput("Un nombre est attendu.", field=name) from error
    if np.isinf(read).any():
        raise RefusedInput("Un nombre fini est attendu.", field=name)
    return read


def _checked_works(works: Works, n: int) -> Works:
    if works.household.size and not (0 <= works.household.min() <= works.household.max() < n):
        raise RefusedInput("Une ligne de travaux ne désigne aucun ménage.", field="works")
    for name in ("quantity", "cost_ht_eur", "cost_ttc_eur", "cee_offer_eur"):
        column = _checked_floats(f"works.{name}", getattr(works, name))
        if (column < 0).any():
            raise RefusedInput(
                "Une quantité ou un coût de travaux ne peut pas être négatif.",
                field=f"works.{name}",
            )
    return works
