"""The rows of a fleet's results: one a meter, what a refusal leaves unknown is null."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from atre.calc.savings import cautions, sufficiency
from atre.calc.savings.comparison_group import ComparisonGroup, adjusted_savings
from atre.calc.savings.model import KINDS, NO_MODEL
from atre.calc.savings.result import MEASURED, REFUSED, MeasuredSavings

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_F, _S, _L = pa.float64(), pa.string(), pa.list_(pa.string())
RESULTS = pa.schema(
    [
        ("meter_id", _S), ("status", _S), ("reason_codes", _L), ("kind", _S),
        ("intercept_kwh_per_day", _F), ("beta_hdd", _F), ("heating_balance_point_c", _F),
        ("beta_cdd", _F), ("cooling_balance_point_c", _F), ("r2_adj", _F), ("cvrmse", _F),
        ("baseline_kwh", _F), ("baseline_days", pa.int64()), ("counterfactual_kwh", _F),
        ("reported_kwh", _F), ("reporting_days", pa.int64()), ("saving_kwh", _F),
        ("saving_low_kwh", _F), ("saving_high_kwh", _F), ("caution_codes", _L), ("group", _S),
        ("net_saving_kwh", _F), ("net_saving_low_kwh", _F), ("net_saving_high_kwh", _F),
    ]
)  # fmt: skip


def result_rows(meter_ids: list[str], found: MeasuredSavings, comparison: Any) -> pa.RecordBatch:
    """Results without the comparison, whose three columns are null; `comparison` has shape (m,)."""
    measured = found.is_measured
    has_model = (found.refusals & sufficiency.BASELINE_BITS == 0) & (found.models.kind != NO_MODEL)
    models = found.models
    kinds = np.array([*(str(kind) for kind in KINDS), None], dtype=object)[models.kind]
    unknown = np.full(len(meter_ids), np.nan)

    def known(values: Floats, where: Any) -> pa.Array:
        return pa.array(values, mask=~(where & np.isfinite(values)))

    columns = {
        "meter_id": pa.array(meter_ids, _S),
        "status": pa.array(np.where(measured, MEASURED, REFUSED), _S),
        "reason_codes": _codes(found.refusals, sufficiency.reasons_of),
        "kind": pa.array(kinds, _S, mask=~has_model),
        **{
            name: known(getattr(models, name), has_model)
            for name in (
                "intercept_kwh_per_day", "beta_hdd", "heating_balance_point_c",
                "beta_cdd", "cooling_balance_point_c", "r2_adj",
            )
        },
        "cvrmse": known(found.fit.cvrmse, has_model),
        "baseline_kwh": known(found.baseline_kwh, has_model),
        "baseline_days": pa.array(found.counts.usable),
        "counterfactual_kwh": known(found.counterfactual_kwh, measured),
        "reported_kwh": known(found.reported_kwh, measured),
        "reporting_days": pa.array(found.reporting_days),
        "saving_kwh": known(found.saving_kwh, measured),
        "saving_low_kwh": known(found.saving_low_kwh, measured),
        "saving_high_kwh": known(found.saving_high_kwh, measured),
        "caution_codes": _codes(np.where(measured, found.caution_bits, 0), cautions.cautions_of),
        "group": pa.array(np.where(comparison, "comparison", "treated"), _S),
        **{name: known(unknown, measured) for name in RESULTS.names[-3:]},
    }  # fmt: skip
    return pa.RecordBatch.from_arrays([columns[name] for name in RESULTS.names], schema=RESULTS)


def _codes(bits: Integers, names_of: Any) -> pa.Array:
    """Lists of codes; the few different sets are written out once."""
    distinct, place = np.unique(bits, return_inverse=True)
    named = [[str(one) for one in names_of(int(value))] for value in distinct]
    return pa.array(named, _L).take(pa.array(place))


def with_net(batch: pa.RecordBatch, group: ComparisonGroup) -> pa.RecordBatch:
    """The same rows with the comparison group's change taken off the treated meters."""

    def column(name: str) -> Floats:
        values: Floats = batch.column(name).to_numpy(zero_copy_only=False).astype(np.float64)
        return values

    net = adjusted_savings(
        column("counterfactual_kwh"),
        column("reported_kwh"),
        column("saving_high_kwh") - column("saving_kwh"),
        group,
    )
    treated = batch.column("group").to_numpy(zero_copy_only=False) == "treated"
    bounds = (
        net.saving_kwh,
        net.saving_kwh - net.half_width_kwh,
        net.saving_kwh + net.half_width_kwh,
    )
    columns = [
        *batch.columns[:-3],
        *(pa.array(one, mask=~(treated & np.isfinite(one))) for one in bounds),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=RESULTS)
