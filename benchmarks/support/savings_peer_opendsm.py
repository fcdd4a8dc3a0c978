"""Run opendsm 1.2.7 on invented meters, in its own environment: time and savings as JSON."""

import json
import sys
import time
import warnings


def main(source: str, target: str) -> None:
    warnings.filterwarnings("ignore")
    import pandas as pd
    from opendsm import eemeter as em

    with open(source, encoding="utf-8") as file:
        given = json.load(file)
    start = pd.Timestamp(given["first_day"], unit="D", tz="UTC")
    hours = pd.date_range(start, periods=len(given["fahrenheit"]), freq="h")
    weather = pd.Series(given["fahrenheit"], index=hours, dtype=float, name="temperature")
    works = pd.Timestamp(given["works_day"], unit="D", tz="UTC")
    year = pd.Timedelta(days=365)
    found = []
    # The first fit compiles: it is done once for nothing, and not counted.
    for meter in [given["meters"][0], *given["meters"]]:
        index = pd.to_datetime(meter["start"], unit="D", utc=True)
        series = pd.Series([*meter["kwh"], float("nan")], index=index, name="observed")
        began = time.process_time()
        before = series[(series.index > works - year) & (series.index <= works)].copy()
        before.iloc[-1] = float("nan")
        after = series[(series.index >= works) & (series.index <= works + year)]
        if meter["daily"]:
            baseline = em.DailyBaselineData.from_series(before, weather, True)
            model = em.DailyModel().fit(baseline, ignore_disqualification=True)
            reported = em.DailyReportingData.from_series(after, weather, True)
        else:
            baseline = em.BillingBaselineData.from_series(before, weather, True)
            model = em.BillingModel().fit(baseline, ignore_disqualification=True)
            reported = em.BillingReportingData.from_series(after, weather, True)
        predicted = model.predict(reported, ignore_disqualification=True)
        both = predicted[["observed", "predicted"]].dropna()
        saving = float((both["predicted"] - both["observed"]).sum())
        model.to_json()
        found.append(
            {
                "name": meter["name"],
                "seconds": time.process_time() - began,
                "saving_share": saving / float(both["predicted"].sum()),
            }
        )
    with open(target, "w", encoding="utf-8") as file:
        json.dump(found[1:], file)


if __name__ == "__main__":
    main(*sys.argv[1:])
