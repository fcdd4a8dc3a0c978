"""Instants and numbers of whole columns of text: by Arrow when all are sound, cell by cell when one
is not, so that a bad cell costs its own row and nothing else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from atre.formats.local_time import Instants, Mask, ParisClock, within_rule
from atre.formats.text_files import number_of

Floats = NDArray[np.float64]

NAT = np.datetime64("NaT", "us")
_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?)?(Z|[+-]\d\d:?\d\d)?")
_FRENCH = re.compile(r"(\d\d)/(\d\d)/(\d{4})(?:[ T](\d\d:\d\d(?::\d\d)?))?")
_FRENCH_FORMATS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")


@dataclass(frozen=True, slots=True)
class ReadInstants:
    """UTC instants, NaT where the text is no date; masks of the legal times lived twice and of
    those that never existed (both all false for texts that carry their offset)."""

    utc: Instants
    twice: Mask
    missing: Mask


def instants_of(texts: Sequence[str], clock: ParisClock) -> ReadInstants:
    """Dates as files write them: ISO with or without offset, or dd/mm/yyyy with or without hour; n
    texts give UTC instants and masks of shape (n,).

    A time without offset is the legal time of mainland France; `clock` goes on from call to call,
    so that an hour lived twice is told apart by its order. Years out of 1996-2099 are NaT.

    >>> read = instants_of(["07/01/2021 01:00", "28/03/2021 02:30", "hier"], ParisClock())
    >>> read.utc.astype("datetime64[m]").astype(str).tolist(), read.missing.tolist()
    (['2021-01-07T00:00', '2021-03-28T01:30', 'NaT'], [False, True, False])
    """
    naive = np.empty(len(texts), dtype="datetime64[us]")
    has_offset = np.zeros(len(texts), dtype=np.bool_)
    if texts and _carries_offset(texts[0]):
        known = _cast(texts, pa.timestamp("us", tz="UTC"))
        if known is not None:
            return _with_offset(known)
    elif texts:
        known = _arrow_local(texts)
        if known is not None:
            return _local(known, clock)
    for place, text in enumerate(texts):
        naive[place], has_offset[place] = _instant(text)
    if has_offset.all():
        return _with_offset(naive)
    return _mixed(naive, has_offset, clock)


def written_instants(texts: Sequence[str]) -> Instants:
    """Dates as they are written, without going to UTC (a text that carries its offset is taken to
    UTC all the same): for lengths between two times of the same row. NaT where unreadable.

    >>> written_instants(["02/03/2023 00:30:00", "?"])
    array(['2023-03-02T00:30:00.000000',                        'NaT'],
          dtype='datetime64[us]')
    """
    known = _arrow_local(texts) if texts and not _carries_offset(texts[0]) else None
    naive = known if known is not None else np.array([_instant(t)[0] for t in texts], NAT.dtype)
    return np.where(within_rule(naive), naive, NAT)


def _carries_offset(text: str) -> bool:
    return text.endswith("Z") or (len(text) > 19 and text[-6:-5] in ("+", "-"))


def _cast(texts: Sequence[str], kind: pa.DataType) -> Instants | None:
    try:
        column = pa.array(texts, pa.string()).cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, UnicodeEncodeError):
        return None
    instants: Instants = column.to_numpy(zero_copy_only=False).astype("datetime64[us]")
    return instants


def _arrow_local(texts: Sequence[str]) -> Instants | None:
    if texts[0][2:3] != "/":
        return _cast(texts, pa.timestamp("us"))
    try:
        column = pa.array(texts, pa.string())
    except UnicodeEncodeError:
        return None
    # Arrow's strptime accepts what comes after the format: the length tells them apart.
    wanted = {19: _FRENCH_FORMATS[0], 16: _FRENCH_FORMATS[1], 10: _FRENCH_FORMATS[2]}
    form = wanted.get(len(texts[0]))
    if form is None or not pc.all(pc.equal(pc.utf8_length(column), len(texts[0]))).as_py():
        return None
    read = pc.strptime(column, format=form, unit="us", error_is_null=True)
    if read.null_count:
        return None
    instants: Instants = read.to_numpy(zero_copy_only=False).astype("datetime64[us]")
    return instants


def _instant(text: str) -> tuple[np.datetime64, bool]:
    """One text as a naive instant, in UTC when it carries its offset."""
    french = _FRENCH.fullmatch(text)
    if french:
        text = f"{french[3]}-{french[2]}-{french[1]}T{french[4] or '00:00'}"
    if not text.isascii() or not _ISO.fullmatch(text):
        return NAT, True
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return np.datetime64(moment, "us"), False
        return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us"), True
    except (ValueError, OverflowError):
        return NAT, True


def _with_offset(utc: Instants) -> ReadInstants:
    nothing = np.zeros(utc.shape, dtype=np.bool_)
    return ReadInstants(np.where(within_rule(utc), utc, NAT), nothing, nothing)


def _local(naive: Instants, clock: ParisClock) -> ReadInstants:
    return _mixed(naive, np.zeros(naive.shape, dtype=np.bool_), clock)


def _mixed(naive: Instants, has_offset: Mask, clock: ParisClock) -> ReadInstants:
    utc = np.where(within_rule(naive), naive, NAT)
    twice = np.zeros(utc.shape, dtype=np.bool_)
    missing = np.zeros(utc.shape, dtype=np.bool_)
    local = ~has_offset & ~np.isnat(utc)
    utc[local], twice[local], missing[local] = clock.to_utc(utc[local])
    return ReadInstants(utc, twice, missing)


def numbers_of(texts: Sequence[str]) -> tuple[Floats, Mask]:
    """The numbers of a column, NaN where blank or unreadable, and which ones are unreadable.

    >>> numbers_of(["12", "", "1,5", "douze"])
    (array([12. ,  nan,  1.5,  nan]), array([False, False, False,  True]))
    """
    nothing = np.zeros(len(texts), dtype=np.bool_)
    try:
        column = pa.array([text or None for text in texts], pa.string()).cast(pa.float64())
        values: Floats = column.to_numpy(zero_copy_only=False).astype(np.float64)
        if np.isfinite(values).sum() == len(texts) - column.null_count:
            return values, nothing
    except (pa.ArrowInvalid, UnicodeEncodeError):
        pass
    values = np.full(len(texts), np.nan)
    for place, text in enumerate(texts):
        try:
            number = number_of(text)
        except ValueError:
            nothing[place] = True
        else:
            values[place] = np.nan if number is None else number
    return values, nothing
