"""Typed bills of one dwelling as the rows the batch functions take."""

from collections.abc import Sequence

import numpy as np

from atre.calc.bills.energies import kwh_factor
from atre.calc.bills.model import Bill
from atre.calc.bills.readings import BillRows


def rows_of(bills: Sequence[Bill]) -> BillRows:
    """The bills of one energy of one dwelling as rows of one meter, in kWh, in the order given.

    kWh are PCS for fuels; NaN where the quantity or its conversion is not known.

    >>> from datetime import date
    >>> from decimal import Decimal
    >>> from atre.calc.bills.energies import Energy, QuantityUnit
    >>> def gas_in_m3(coefficient):
    ...     return Bill(energy=Energy.NATURAL_GAS, start=date(2025, 1, 1), end=date(2025, 3, 1),
    ...         quantity=Decimal(100), unit=QuantityUnit.M3, euros_ttc=None, estimated=None,
    ...         kwh_per_m3=coefficient)
    >>> rows_of([gas_in_m3(11.2), gas_in_m3(None)]).kwh.tolist()
    [1120.0, nan]
    """
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
