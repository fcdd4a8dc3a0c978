"""The same cube as a data frame: rebuilt from the files, then asked the same questions.

Run by the interpreter of the peer's own environment, which knows nothing of Âtre.
"""

import json
import resource
import sys
import time
from pathlib import Path

import pandas as pd

FACTOR = {"kWh": 1.0, "MWh": 1e3, "GWh": 1e6}
PCS_PER_PCI = 1.111


def run(sources: str, communes: str, target: str, question: str) -> dict[str, object]:
    asked = json.loads(question)
    began = time.perf_counter()
    rows = rebuilt(sorted(Path(sources).glob("*/figures.parquet")), communes)
    rows.to_parquet(target, compression="zstd", index=False)
    built = time.perf_counter() - began
    rows = pd.read_parquet(target)
    profiles = [timed(lambda some=some: profile(rows, some)) for some in asked["territories"]]
    years = [asked["year"]] * 3 + [asked["other_year"]]
    maps = [timed(lambda year=year: choropleth(rows, year, asked["energy"])) for year in years]
    found = choropleth(rows, asked["year"], asked["energy"])
    return {
        "rebuild": built,
        "profiles": profiles,
        "maps": maps,
        "total": float(found.sum()),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def rebuilt(files: list[Path], communes: str) -> pd.DataFrame:
    rows = pd.concat([pd.read_parquet(path) for path in files], ignore_index=True)
    rows = rows.merge(pd.read_parquet(communes, columns=["code", "epci"]), "left",
                      left_on="territory", right_on="code")  # fmt: skip
    rows["value"] = rows["value"] * rows["unit"].map(FACTOR)
    rows.loc[rows["basis"] == "pcs", "value"] /= PCS_PER_PCI
    rows["secret"] = rows["status"] == "secret"
    keys = ["territory", "level", "measure", "year", "sector", "energy"]
    summed = rows.groupby(keys, dropna=False, observed=True, sort=True).agg(
        value=("value", "sum"),
        known=("value", "count"),
        cells=("value", "size"),
        secret=("secret", "sum"),
    )
    # pandas gives 0 for a sum of nothing: what is not known must be said missing.
    return summed.assign(value=summed["value"].where(summed["known"] > 0)).reset_index()


def profile(rows: pd.DataFrame, communes: list[str]) -> pd.DataFrame:
    some = rows[(rows["level"] == "commune") & rows["territory"].isin(communes)]
    return some.groupby(["year", "sector", "energy"])[["value", "secret"]].sum()


def choropleth(rows: pd.DataFrame, year: int, energy: str) -> pd.Series:
    some = rows[(rows["level"] == "commune") & (rows["year"] == year) & (rows["energy"] == energy)]
    return some.groupby("territory")["value"].sum()


def timed(call) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


if __name__ == "__main__":
    print(json.dumps(run(*sys.argv[1:])))
