"""Économies mesurées : temps par compteur face à opendsm et à eemeter 3.1.1, et croissance avec leur nombre.

The same invented meters go through the three programs in one run, everything included: alignment on
the works, degree days, model selection, sufficiency, avoided use, uncertainty, report.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PEERS = {"eemeter": "eemeter 3.1.1", "opendsm": "opendsm 1.2.7"}
AIM_MS = {"daily": 1.0, "billing": 0.5}
SIZES = (1, 100, 10_000, 100_000)
LARGEST_DIFFERENCE = 1e-3
ROUNDS, GROUP = 5, 100


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./atre bench savings")
    parser.add_argument("--copies", type=int, default=1, help="compteurs de chaque sorte (1)")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="croissance")
    parser.add_argument("--only-growth", action="store_true", help="sans les deux pairs")
    args = parser.parse_args(argv)
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    # One core: numpy's matrix products must not borrow the other one.
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    print(f"{os.cpu_count()} cœurs, charge avant la mesure {os.getloadavg()[0]:.1f}")
    fine = True if args.only_growth else compare(args.copies)
    return 0 if grow(args.sizes) and fine else 1


def compare(copies: int) -> bool:
    """The three programs on the same meters; True when our coefficients are eemeter's."""
    from benchmarks.support.savings_meters import as_json, hourly_celsius, meters

    celsius = hourly_celsius()
    made = meters(celsius, copies)
    theirs = {name: run_peer(name, as_json(celsius, made)) for name in PEERS}
    ours, seconds = run_ours(celsius, made)
    for resolution in AIM_MS:
        names = [one.name for one in made if f"-{resolution}-" in one.name]
        alone, mine = (1000 * one for one in seconds[resolution])
        label = "jours" if resolution == "daily" else "factures"
        print(f"\n{len(names)} compteurs par {label}, ms de processeur par compteur")
        print(f"  {'Âtre, un seul':<16}{alone:>10.2f}")
        print(f"  {'Âtre, groupés':<16}{mine:>10.2f}")
        for name, title in PEERS.items():
            each = [row["seconds"] for row in theirs[name] if row["name"] in names]
            theirs_ms = 1000 * sum(each) / len(each)
            print(
                f"  {title:<16}{theirs_ms:>10.0f}   {theirs_ms / alone:>8.0f}× un seul, "
                f"{theirs_ms / mine:.0f}× groupés"
            )
    return same_coefficients(ours, theirs["eemeter"]) & print_savings(ours, theirs)


def run_peer(name: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    from atre.config.progress import StepFailed
    from benchmarks.support.peers import peer_python

    python = peer_python(name)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "given.json", Path(folder) / "found.json"
        source.write_text(json.dumps(given), encoding="utf-8")
        script = ROOT / "benchmarks" / "support" / f"savings_peer_{name}.py"
        done = subprocess.run(
            [str(python), str(script), str(source), str(target)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise StepFailed(f"{PEERS[name]} a échoué : {done.stderr.strip()[-400:]}")
        found: list[dict[str, Any]] = json.loads(target.read_text(encoding="utf-8"))
        return found


def run_ours(
    celsius: Any, made: Sequence[Any]
) -> tuple[dict[str, Any], dict[str, tuple[float, float]]]:
    """Our answers by meter, and by resolution the mean seconds of a meter: alone, then grouped.

    Grouped is how a fleet is measured: the same meters, each copied until there are a hundred.
    """
    answers: dict[str, Any] = {}
    spent: dict[str, tuple[float, float]] = {}
    # The first call imports the libraries and reads the parameters.
    measure_together(celsius, [made[0]])
    for resolution in AIM_MS:
        some = [one for one in made if one.daily == (resolution == "daily")]
        began = time.process_time()
        for _ in range(ROUNDS):
            for meter in some:
                answers[meter.name] = measure_together(celsius, [meter])[0]
        alone = (time.process_time() - began) / ROUNDS / len(some)
        group = some * max(1, GROUP // len(some))
        began = time.process_time()
        for _ in range(ROUNDS):
            measure_together(celsius, group)
        spent[resolution] = alone, (time.process_time() - began) / ROUNDS / len(group)
    return answers, spent


def measure_together(celsius: Any, some: list[Any]) -> list[dict[str, Any]]:
    """Everything, from hourly weather and readings to the answers, for meters of one resolution."""
    import numpy as np

    from atre.calc.savings.method import CaltrackMethod
    from atre.formats.meter_table import MetersRead, PlacesWeather
    from atre.formats.works_table import Works
    from atre.jobs.measured_savings_fleet import measure_group
    from benchmarks.support.savings_meters import FIRST_DAY, WORKS_DAY

    method = CaltrackMethod()
    climate = PlacesWeather(
        places={None: 0}, first_day=FIRST_DAY, mean=celsius.reshape(1, -1, 24).mean(axis=2)
    )
    read = MetersRead(
        meter_ids=[one.name for one in some],
        meter=np.repeat(np.arange(len(some)), [len(one.kwh) for one in some]),
        start_day=np.concatenate([one.start_day for one in some]),
        end_day=np.concatenate([one.end_day for one in some]),
        kwh=np.concatenate([one.kwh for one in some]),
    )
    works = Works(start_day=WORKS_DAY, end_day=WORKS_DAY, place=None, is_comparison=False)
    found = measure_group(read, [works] * len(some), climate, method)
    return [found.as_dict(place) for place in range(len(some))]


def same_coefficients(ours: dict[str, Any], theirs: Iterable[dict[str, Any]]) -> bool:
    """Print the largest difference of coefficients; theirs are per °F, ours per °C."""
    largest, choices = 0.0, 0
    rows = list(theirs)
    for row in rows:
        model, reference = ours[row["name"]]["model"], row["parameters"]
        choices += model["kind"] == row["kind"]
        pairs = [(model["intercept"], reference["intercept"])]
        for name in ("beta_hdd", "beta_cdd"):
            pairs.append(((model[name] or 0) / 1.8, reference.get(name, 0.0)))
        for ours_c, theirs_f in (
            ("heating_balance_point_c", "heating_balance_point"),
            ("cooling_balance_point_c", "cooling_balance_point"),
        ):
            base = model[ours_c]
            pairs.append((0 if base is None else base * 1.8 + 32, reference.get(theirs_f, 0)))
        largest = max(largest, *(abs(one - other) for one, other in pairs))
    print(f"\nMême modèle qu'eemeter 3.1.1 : {choices} fois sur {len(rows)}")
    print(f"Plus grande différence de coefficient : {largest:.1e}")
    return choices == len(rows) and largest < LARGEST_DIFFERENCE


def print_savings(ours: dict[str, Any], theirs: dict[str, list[dict[str, Any]]]) -> bool:
    from benchmarks.support.savings_meters import SAVED

    eemeter, opendsm = (
        {row["name"]: row["saving_share"] for row in theirs[name]} for name in PEERS
    )
    print(f"\nÉconomie retrouvée, la vraie étant {SAVED:.1%} : Âtre, eemeter, opendsm")
    measured = True
    for name, answer in ours.items():
        measured &= answer["status"] == "measured"
        share = answer["saving_share"] or float("nan")
        print(f"  {name:<18}{share:>8.1%}{eemeter[name]:>8.1%}{opendsm[name]:>8.1%}")
    return measured


def grow(sizes: Sequence[int]) -> bool:
    """Time and memory with the number of meters; groups as the command line reads them."""
    from benchmarks.support.savings_meters import hourly_celsius, meters

    celsius = hourly_celsius()
    pool = meters(celsius, 128)
    measure_together(celsius, pool[:1])
    reached = True
    for resolution, aim in AIM_MS.items():
        some = [one for one in pool if one.daily == (resolution == "daily")]
        print(f"\nCroissance, compteurs par {'jours' if resolution == 'daily' else 'factures'}")
        for size in sizes:
            began, used = time.perf_counter(), time.process_time()
            left = size
            while left > 0:
                measure_together(celsius, some[: min(left, len(some))])
                left -= len(some)
            wall, cpu = time.perf_counter() - began, time.process_time() - used
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            each = cpu / size * 1000
            print(f"  {size:>8} {wall:>9.2f} s   {each:>7.3f} ms par compteur   {memory:>5.0f} Mio")
            if size >= 100:
                reached &= each <= aim
        print(f"  {'✓' if reached else '✗'} visé : {aim} ms par compteur, un cœur, dès 100")
    return reached


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
