"""Les aides d'un million de ménages, face à la même règle écrite en boucle simple.

Each figure is processor time (other programs may run), the best of a few runs, on one core, by
batches of 50 000 households so that memory stays bounded; everything included: classing incomes,
every condition, amounts, clipping, what lacks. The peer is a plain Python loop on MaPrimeRénov'
rénovation d'ampleur, timed on a sample of the same households in the same run, and checked equal
on each of them. No public engine knows the rules of 2026: none could be the peer.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from atre.calc.aids.financing import Route
    from atre.calc.aids.situation import Situations

ROOT = Path(__file__).resolve().parents[1]
ON = date(2026, 10, 1)
BATCH = 50_000
GROWTH = (1, 100, 10_000, 100_000, 1_000_000)


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./atre bench aids")
    parser.add_argument("--households", type=int, default=1_000_000, help="un million par défaut")
    parser.add_argument("--sample", type=int, default=20_000, help="ménages de la boucle (20 000)")
    parser.add_argument("--runs", type=int, default=2, help="essais, le meilleur compte (2)")
    args = parser.parse_args(argv)
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    load = os.getloadavg()[0]
    print(
        f"Secondes de processeur, un cœur sur {os.cpu_count()} ; charge avant la mesure {load:.1f}"
    )
    equal = against_the_loop(args.households, args.sample, args.runs)
    print("\nPlan de financement complet (aides, prêt, reste à charge), selon le nombre de ménages")
    grow([n for n in GROWTH if n <= args.households], args.runs)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"Mémoire au plus : {memory:.0f} Mio")
    return 0 if equal else 1


def against_the_loop(households: int, sample: int, runs: int) -> bool:
    import numpy as np

    from atre.calc.aids.mpr_ampleur import mpr_ampleur
    from benchmarks.support.projects import PlainLoop, as_dictionaries, invented_projects

    situations = invented_projects(households)
    ours = best(lambda: by_batches(situations, mpr_ampleur), runs)
    judged = by_batches(situations, mpr_ampleur)
    status_found = np.concatenate([one.status for one in judged])
    amounts_found = np.concatenate([one.amount_eur for one in judged])
    rows = np.random.default_rng(1).choice(households, min(sample, households), replace=False)
    rows.sort()
    plain = as_dictionaries(situations, rows)
    loop = PlainLoop(ON)
    peer = best(lambda: [loop.judge(one) for one in plain], runs)
    answers = [loop.judge(one) for one in plain]
    status = np.array([code for code, _ in answers])
    amounts = np.array([np.nan if amount is None else amount for _, amount in answers])
    gap = np.nanmax(np.abs(amounts - amounts_found[rows]), initial=0.0)
    same = bool((status == status_found[rows]).all()) and gap < 0.005
    rate, peer_rate = households / ours, rows.size / peer
    print(f"MaPrimeRénov' ampleur, règles du {ON:%d/%m/%Y}")
    print(f"  Âtre          {households:>9} ménages  {ours:8.3f} s  {spaced(rate):>12} par seconde")
    print(
        f"  boucle Python {rows.size:>9} ménages  {peer:8.3f} s  {spaced(peer_rate):>12} par seconde"
    )
    print(f"  rapport {rate / peer_rate:.1f}× ; écart le plus grand {gap:.2g} €")
    counts = {label: int((status == code).sum()) for label, code in LABELS.items()}
    shown = ", ".join(f"{label} {count}" for label, count in counts.items())
    print(f"  {'✓' if same else '✗'} même réponse pour les {rows.size} ménages ({shown})")
    return same


LABELS = {"montant": 1, "non éligible": 0, "inconnu": -1}


def grow(sizes: Sequence[int], runs: int) -> None:
    from atre.calc.aids.financing import Route
    from benchmarks.support.projects import invented_projects

    print(f"  {'ménages':>9}  {'ampleur':>10}  {'par geste':>10}  {'µs par ménage':>14}")
    for size in sizes:
        situations = invented_projects(size)
        seconds = [
            best(lambda: planned(situations, route), runs)  # noqa: B023
            for route in Route
        ]
        each = sum(seconds) / size * 1e6 / len(seconds)
        print(f"  {size:>9}  {seconds[0]:>8.3f} s  {seconds[1]:>8.3f} s  {each:>14.2f}")


def planned(situations: "Situations", route: "Route") -> None:
    from atre.calc.aids.financing import financing_plans

    by_batches(situations, lambda batch, on: financing_plans(batch, on, route).remainder_eur)


def by_batches(situations: "Situations", judge: Callable[["Situations", date], Any]) -> list[Any]:
    """What `judge` answers on each batch of 50 000 households."""
    return [judge(batch, ON) for batch in situations.batches(BATCH)]


def spaced(rate: float) -> str:
    return f"{rate:,.0f}".replace(",", " ")


def best(call: Callable[[], object], runs: int) -> float:
    """Processor seconds of the quickest of some runs."""
    taken = []
    for _ in range(runs):
        started = time.process_time()
        call()
        taken.append(time.process_time() - started)
    return min(taken)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
