"""Run eemeter 3.1.1 on invented meters, in its own environment: time and coefficients as JSON."""

import json
import sys
import time
import warnings


def main(source: str, target: str) -> None:
    warnings.filterwarnings("ignore")
    import eemeter
    import pandas as pd

    with open(source, encoding="utf-8") as file:
        given = json.load(file)
    start = pd.Timestamp(given["first_day"], unit="D", tz="UTC")
    hours = pd.date_range(start, periods=len(given["fahrenheit"]), freq="H")
    weather = pd.Series(given["fahrenheit"], index=hours, dtype=float)
    works = pd.Timestamp(given["works_day"], unit="D", tz="UTC").to_pydatetime()
    found = []
    for meter in given["meters"]:
        index = pd.to_datetime(meter["start"], unit="D", utc=True)
        frame = pd.DataFrame({"value": [*meter["kwh"], float("nan")]}, index=index)
        if meter["daily"]:
            frame.index.freq = "D"
        began = time.process_time()
        baseline = frame[frame.index <= works]
        # By bills: the same year of whole bills for both programs, the one nearest to 365 days.
        if meter["daily"]:
            baseline, _ = eemeter.get_baseline_data(frame, end=works, max_days=365)
            design = eemeter.create_caltrack_daily_design_matrix(baseline, weather)
        else:
            ages = [abs((works - day).days - 365) for day in baseline.index]
            baseline = baseline.iloc[ages.index(min(ages)) :].copy()
            baseline.iloc[-1] = float("nan")
            design = eemeter.create_caltrack_billing_design_matrix(baseline, weather)
        model = eemeter.fit_caltrack_usage_per_day_model(
            design,
            use_billing_presets=not meter["daily"],
            weights_col=None if meter["daily"] else "n_days_kept",
        )
        eemeter.caltrack_sufficiency_criteria(design, None, works)
        reporting, _ = eemeter.get_reporting_data(frame, start=works, max_days=365)
        savings, bands = eemeter.metered_savings(model, reporting, weather)
        model.json()
        spent = time.process_time() - began
        found.append(
            {
                "name": meter["name"],
                "seconds": spent,
                "kind": model.model.model_type,
                "parameters": {k: float(v) for k, v in model.model.model_params.items()},
                "r2_adj": float(model.r_squared_adj),
                "saving_share": float(
                    savings.metered_savings.sum() / savings.counterfactual_usage.sum()
                ),
                "half_width_kwh": None if bands is None else float(bands["FSU Error Band"]),
            }
        )
    with open(target, "w", encoding="utf-8") as file:
        json.dump(found, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
