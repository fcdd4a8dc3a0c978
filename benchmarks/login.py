"""Connexions par seconde avec notre réglage d'Argon2, face à celui de Django, dans la même mesure.

Verifying the passphrase is what a login costs; the rest is a few queries. Both settings are tried
by as many processes as the machine has cores, on the same passphrase, one after the other.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
AIM_PER_SECOND = 25
HASHERS = {
    "Âtre": "atre.domain.agencies.passwords.Argon2",
    "Django": "django.contrib.auth.hashers.Argon2PasswordHasher",
}


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./atre bench login")
    parser.add_argument("--seconds", type=float, default=8, help="par réglage (8)")
    parser.add_argument("--processes", type=int, default=2, help="2, la machine visée")
    args = parser.parse_args(argv)
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cœurs, {args.processes} processus, charge avant la mesure {load:.1f}")
    rates = {}
    for name, hasher in HASHERS.items():
        rates[name] = logins_per_second(hasher, args.processes, args.seconds)
        print(f"  {name:<8}{rates[name]:>8.1f} connexions/s   {described(hasher)}")
    print(f"Rapport : {rates['Âtre'] / rates['Django']:.1f}×")
    reached = rates["Âtre"] >= AIM_PER_SECOND
    print(f"{'✓' if reached else '✗'} visé : {AIM_PER_SECOND} connexions/s sur 2 cœurs")
    return 0 if reached else 1


def logins_per_second(hasher: str, processes: int, seconds: float) -> float:
    from benchmarks.support.hashing import verify_for

    with ProcessPoolExecutor(processes) as pool:
        return sum(pool.map(verify_for, [hasher] * processes, [seconds] * processes))


def described(hasher: str) -> str:
    from benchmarks.support.hashing import made

    one = made(hasher)
    return f"{one.memory_cost // 1024} Mio, {one.time_cost} passes, {one.parallelism} voies"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
