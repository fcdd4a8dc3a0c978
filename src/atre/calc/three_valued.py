"""Yes, no, unknown: Kleene's logic, on one answer and on arrays of a million.

Arrays hold int8 codes: 1 yes, 0 no, -1 unknown. A conclusion is drawn as soon as the known
answers force it (« no » and unknown is « no »), and stays unknown otherwise.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int8]

YES_CODE = 1
NO_CODE = 0
UNKNOWN_CODE = -1


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


_ANSWER_BY_CODE = {YES_CODE: Answer.YES, NO_CODE: Answer.NO, UNKNOWN_CODE: Answer.UNKNOWN}


def answer_from_code(code: int) -> Answer:
    """Turn one int8 code into its answer; any other number is an error (`KeyError`).

    >>> [str(answer_from_code(code)) for code in (1, 0, -1)]
    ['yes', 'no', 'unknown']
    """
    return _ANSWER_BY_CODE[int(code)]


def answer_from_bool(known: bool | None) -> Answer:
    """Turn a declared yes, no or nothing into an answer; nothing is never « no ».

    >>> [str(answer_from_bool(declared)) for declared in (True, False, None)]
    ['yes', 'no', 'unknown']
    """
    if known is None:
        return Answer.UNKNOWN
    return Answer.YES if known else Answer.NO


def codes_from_condition(holds: NDArray[np.bool_], known: NDArray[np.bool_]) -> Codes:
    """Codes of a condition that is only meaningful where `known` is true; int8, same shape.

    >>> codes_from_condition(np.array([True, False, True]), np.array([True, True, False])).tolist()
    [1, 0, -1]
    """
    return np.where(known, holds.astype(np.int8), np.int8(UNKNOWN_CODE)).astype(np.int8)


def known_flags(values: Any) -> Codes:
    """Read booleans, int8 codes, or a masked array of either as int8 codes.

    >>> known_flags([True, False]).tolist()
    [1, 0]
    >>> known_flags(np.ma.masked_array([True, True], mask=[False, True])).tolist()
    [1, -1]
    >>> known_flags(np.array([1, 0, -1], dtype=np.int8)).tolist()
    [1, 0, -1]
    """
    raw = np.asarray(values.data if isinstance(values, np.ma.MaskedArray) else values)
    if raw.dtype != np.bool_ and not ((raw == 1) | (raw == 0) | (raw == -1)).all():
        raise TypeError("expected booleans or codes 1, 0, -1")
    codes: Codes = raw.astype(np.int8)
    if isinstance(values, np.ma.MaskedArray):
        codes = np.where(np.ma.getmaskarray(values), np.int8(UNKNOWN_CODE), codes)
    return codes


def all_of(*conditions: Codes) -> Codes:
    """Yes if all are yes, no as soon as one is no, unknown otherwise.

    >>> all_of(np.array([1, 0, 1], np.int8), np.array([1, -1, -1], np.int8)).tolist()
    [1, 0, -1]
    """
    stack = np.stack(conditions)
    any_no = (stack == NO_CODE).any(axis=0)
    all_yes = (stack == YES_CODE).all(axis=0)
    return codes_from_condition(all_yes, any_no | all_yes)


def any_of(*conditions: Codes) -> Codes:
    """Yes as soon as one is yes, no if all are no, unknown otherwise. Shapes broadcast.

    >>> any_of(np.array([0, -1, 0], np.int8), np.array([1, 0, 0], np.int8)).tolist()
    [1, -1, 0]
    """
    stack = np.stack(np.broadcast_arrays(*conditions))
    any_yes = (stack == YES_CODE).any(axis=0)
    return codes_from_condition(any_yes, any_yes | (stack == NO_CODE).all(axis=0))


def at_least(count: int, answers: Sequence[Answer]) -> Answer:
    """Yes once `count` answers are yes; no once that can no longer happen; else unknown.

    >>> at_least(2, [Answer.YES, Answer.UNKNOWN, Answer.NO]).value
    'unknown'
    >>> at_least(2, [Answer.YES, Answer.NO, Answer.NO]).value
    'no'
    """
    yes = sum(answer is Answer.YES for answer in answers)
    undecided = sum(answer is Answer.UNKNOWN for answer in answers)
    if yes >= count:
        return Answer.YES
    return Answer.UNKNOWN if yes + undecided >= count else Answer.NO
