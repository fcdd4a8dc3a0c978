"""Typed bills of one dwelling as the rows the batch functions take."""

from collections.abc import Sequence

import numpy as np

from atre.calc.bills.energies import kwh_factor
from atre.calc.bills.model import Bill
from atre.calc.bills.readings import BillRows


def rows_of(bills: Sequence[Bill]) -> BillRows:
    """The bills of one energy of one dwelling as rows of one meter, in kWh, in the order given."""
    return BillRows.from_arrays(
        np.zeros(len(bills), dtype=np.int64),
        np.array([bill.start for bill in bills], dtype="datetime64[D]"),
        np.array([bill.end for bill in bills], dtype="datetime64[D]"),
        np.array([_kwh(bill) for bill in bills], dtype=np.float64),
        np.array([-1 if b.estimated is None else int(b.estimated) for b in bills], dtype=np.int8),
        groups=1,
    )


def _kwh(bill: Bill) -> float:
    factor = kwh_factor(bill.energy, bill.unit, bill.end, bill.kwh_per_m3).kwh_per_unit
    return np.nan if factor is None or bill.quantity is None else float(bill.quantity) * factor
