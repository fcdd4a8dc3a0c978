"""L'observatoire sur un cube national inventé, face à pandas et à un schéma en étoile de PostgreSQL.

34 969 communes × 8 secteurs × 7 énergies × 14 ans, 27 millions de lignes à la taille 16. The three
programs answer the same three questions in one run, and their totals are held against each other.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from atre.warehouse.edition import Edition
    from benchmarks.observatory_cube import Cube

ROOT = Path(__file__).resolve().parents[1]
SIZES = (1, 4, 16)
WHOLE = 16
SECRET = 0.02
YEAR, ENERGY = 2023, "gas"
OTHER_YEAR = 2021
ASKED = 40
AIMS = {
    "rebuild": ("reconstruction", 120.0),
    "memory": ("mémoire au plus, Gio", 4.0),
    "profile": ("profil d'un territoire, p95", 0.2),
    "cold": ("carte nationale, à froid", 1.0),
    "warm": ("carte nationale, redemandée", 0.1),
    "attack": ("attaque de toutes les intercommunalités", 600.0),
}


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./atre bench observatory")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="1 à 16 (1 4 16)")
    parser.add_argument(
        "--without", nargs="*", default=[], choices=("pandas", "postgres", "attack")
    )
    parser.add_argument(
        "--secret", type=float, default=SECRET, help="part secrète de la dernière année"
    )
    args = parser.parse_args(argv)
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    print(f"{os.cpu_count()} cœurs, charge avant la mesure {os.getloadavg()[0]:.1f}")
    ours: dict[str, float] = {}
    agree = True
    for size in args.sizes:
        with tempfile.TemporaryDirectory(prefix="atre-observatory-") as folder:
            ours, same = measured(Path(folder), size, args.secret, args.without)
            agree &= same
    reached = [verdict(key, ours[key]) for key in AIMS if key in ours]
    return 0 if agree and (all(reached) or max(args.sizes) < WHOLE) else 1


def measured(
    folder: Path, size: int, secret: float, without: Sequence[str]
) -> tuple[dict[str, float], bool]:
    """Ours, then the peers on the same files; whether their totals are ours."""
    # A process of its own: the memory of one size is not that of the one before.
    given = json.dumps([str(folder), size, secret, "attack" not in without])
    done = subprocess.run(
        [sys.executable, __file__, "--inside", given],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
    )
    ours: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"\n{size}× : {ours['rows']:,} lignes".replace(",", " "))
    tell("Âtre", ours)
    same = True
    for name, run in (("pandas", by_pandas), ("postgres", by_postgres)):
        if name in without:
            continue
        try:
            theirs = summary(run(folder, ours["territories"]))
        except subprocess.CalledProcessError as fault:
            print(f"  {name:<10} n'a pas fini (code {fault.returncode})")
            continue
        tell(name, theirs)
        ratios = [f"{label} {theirs[key] / ours[key]:.1f}×" for key, label in RATIOS.items()]
        gap = abs(theirs["total"] / ours["total"] - 1)
        print(f"  {'':<10} {', '.join(ratios)} ; écart des totaux {gap:.1e}")
        same &= gap < 1e-9
    return ours, same


RATIOS = {"rebuild": "reconstruction", "profile": "profil", "other": "carte"}


def tell(name: str, found: dict[str, Any]) -> None:
    memory = f"   {found['memory']:.1f} Gio" if "memory" in found else ""
    attack = f"   attaque {found['attack']:.1f} s" if "attack" in found else ""
    print(
        f"  {name:<10} reconstruction {found['rebuild']:7.1f} s   profil p95 "
        f"{1000 * found['profile']:6.0f} ms   carte {1000 * found['cold']:6.0f} ms, redemandée "
        f"{1000 * found['warm']:5.0f} ms, d'une autre année {1000 * found['other']:5.0f} ms"
        f"{attack}{memory}",
        flush=True,
    )


def verdict(key: str, value: float) -> bool:
    title, aim = AIMS[key]
    print(f"{'✓' if value <= aim else '✗'} {title} : {value:.2f}, visé {aim:g}")
    return value <= aim


def summary(found: dict[str, Any]) -> dict[str, float]:
    first, *again, other = found["maps"]
    told = {
        "rebuild": found["rebuild"],
        "profile": p95(found["profiles"]),
        "cold": first,
        "warm": min(again),
        "other": other,
        "total": found["total"],
    }
    return told | ({"memory": found["memory"] / 1024} if "memory" in found else {})


def p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(0.95 * len(seconds)))]


def inside(folder: Path, size: int, secret: float, attacks: bool) -> dict[str, Any]:
    """Ours: the build, pages and maps as the product asks for them, the attack."""
    import numpy as np

    from atre.warehouse import building, engine, gate
    from atre.warehouse.territories import atlas
    from benchmarks.observatory_cube import written

    cube = written(ROOT / "var" / "reference", folder, share=size / WHOLE, secret=secret)
    began = time.perf_counter()
    with engine.opened("", scratch=cube.folders.scratch) as opened:
        edition = building.build(opened, cube.folders, now=datetime.now(UTC))
    found: dict[str, Any] = {"rows": cube.rows, "rebuild": time.perf_counter() - began}
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    places = asked_epci(cube)
    known = atlas(cube.folders)
    profiles = []
    for epci in places:
        territory = known.territory(f"epci:{epci}")
        profiles.append(timed(lambda one=territory: gate.profile(one, folders=cube.folders)))
    # The first asked of a process opens its engine and finds the words of the question.
    found["profile"] = p95(profiles[1:])
    cut = {"energy": ENERGY}
    maps = []
    # What was asked is kept: only another year shows what a question costs once all is open.
    for year in (YEAR, YEAR, YEAR, OTHER_YEAR):
        began = time.perf_counter()
        values = gate.of_communes("consumption", year=year, cut=cut, folders=cube.folders)
        maps.append(time.perf_counter() - began)
    values = gate.of_communes("consumption", year=YEAR, cut=cut, folders=cube.folders)
    found |= {"cold": maps[0], "warm": min(maps[1:-1]), "other": maps[-1]}
    found["total"] = float(np.nansum(values.values))
    members = [list(known.territory(f"epci:{epci}").communes) for epci in places]
    found["territories"] = members[1:]
    if attacks:
        found["attack"] = attacked(cube, edition)
    return found


def asked_epci(cube: "Cube") -> list[str]:
    owners = sorted({owner for owner in cube.communes["epci"].to_pylist() if owner})
    return owners[:: max(1, len(owners) // ASKED)][: ASKED + 1]


def attacked(cube: "Cube", edition: "Edition") -> float:
    from atre.warehouse import engine
    from atre.warehouse.secrecy.every_epci import attack_every_epci

    with engine.opened("", scratch=cube.folders.scratch) as opened:
        report = attack_every_epci(
            opened, cube.folders, edition, on=date(2026, 11, 22), year=YEAR, processes=2
        )
    print(
        f"{len(report.attacks)} EPCI, {report.secret} secrets, {report.opened} ouverts",
        file=sys.stderr,
    )
    return report.seconds


def timed(call: Any) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def by_pandas(folder: Path, territories: Sequence[Sequence[str]]) -> dict[str, Any]:
    from benchmarks.support.peers import peer_python

    asked = {"territories": territories, "year": YEAR, "other_year": OTHER_YEAR, "energy": ENERGY}
    question = json.dumps(asked)
    done = subprocess.run(
        [
            str(peer_python("pandas")),
            str(ROOT / "benchmarks" / "observatory_pandas.py"),
            str(folder / "observatory" / "sources"),
            str(folder / "reference" / "communes-2026.parquet"),
            str(folder / "pandas.parquet"),
            question,
        ],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def by_postgres(folder: Path, territories: Sequence[Sequence[str]]) -> dict[str, Any]:
    import pyarrow.parquet as pq

    from benchmarks import observatory_postgres

    communes = pq.read_table(folder / "reference" / "communes-2026.parquet")
    lines = zip(*(communes[name].to_pylist() for name in COMMUNE), strict=True)
    files = sorted((folder / "observatory" / "sources").glob("*/figures.parquet"))
    return observatory_postgres.run(files, list(lines), territories, (YEAR, OTHER_YEAR), ENERGY)


COMMUNE = ("code", "epci", "department")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        where, *more = json.loads(sys.argv[2])
        print(json.dumps(inside(Path(where), *more)))
    else:
        raise SystemExit(main(sys.argv[1:]))
