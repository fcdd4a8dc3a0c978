"""Recherche d'une commune : notre index en mémoire face à un LIKE '%…%' sur toute la table.

Runs on an in-memory SQLite database filled with the real reference, and prints both medians and
their ratio for the same queries; a PostgreSQL one is used when DATABASE_URL names it.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence

QUERIES = (
    *("st etienne", "nogent sur marne", "bagnolet", "le havre", "fosses", "sa", "saint"),
    *("94130", "13001", "9413", "93059", "pierrefitte-sur-seine", "paris 13e", "nogent 94"),
    *("bagnolte", "lhay les roses", "paname les flots"),
)
LIMIT_MS = 50


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./atre bench territory")
    parser.add_argument("--repeat", type=int, default=20, help="mesures par recherche (20)")
    args = parser.parse_args(argv)
    prepare()

    from atre.domain.territories import selectors
    from atre.domain.territories.names import normalise

    started = time.perf_counter()
    selectors.gazetteer()
    print(f"Index construit en {milliseconds(started):.0f} ms, une fois par processus et millésime")
    print(f"{'recherche':<24}{'Âtre ms':>9}{'LIKE ms':>9}{'rapport':>9}{'trouvées':>10}{'LIKE':>6}")
    slowest, totals = 0.0, [0.0, 0.0]
    for query in QUERIES:
        wanted = normalise(query)
        ours, found = median(lambda q=query: selectors.search_communes(q), args.repeat)
        like, scanned = median(lambda w=wanted: plain_scan(w), args.repeat)
        slowest = max(slowest, ours)
        totals = [totals[0] + ours, totals[1] + like]
        print(f"{query:<24}{ours:>9.2f}{like:>9.2f}{like / ours:>8.1f}×{found:>10}{scanned:>6}")
    print(f"{'ensemble':<24}{totals[0]:>9.2f}{totals[1]:>9.2f}{totals[1] / totals[0]:>8.1f}×")
    print(f"La plus lente : {slowest:.1f} ms, pour {LIMIT_MS} ms au plus.")
    return 0 if slowest < LIMIT_MS else 1


def prepare() -> None:
    """A database of its own unless one is named, so that no installation's rows are touched."""
    os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")
    os.environ.setdefault("ATRE_SECRET_KEY", "mesure-sans-donnees")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atre.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from atre.jobs import reference

    print("Chargement du référentiel…", file=sys.stderr)
    call_command("migrate", "territories", verbosity=0)
    started = time.perf_counter()
    if reference.load_territories():
        print(f"Référentiel chargé en {milliseconds(started) / 1000:.1f} s")


def plain_scan(wanted: str) -> list[str]:
    """What a page usually does: containment on names and codes, no ranking, no tolerance."""
    from django.db.models import Q

    from atre.domain.territories.models import Commune

    matching = Commune.objects.filter(
        Q(search_name__contains=wanted)
        | Q(insee=wanted)
        | Q(postal_codes__code__startswith=wanted)
        | Q(former_communes__search_name__contains=wanted)
        | Q(former_communes__code=wanted)
    )
    return list(matching.distinct().order_by("name").values_list("name", flat=True)[:10])


def median(call: Callable[[], Sequence[object]], repeat: int) -> tuple[float, int]:
    """Median duration in milliseconds, and how many results came."""
    durations, found = [], 0
    for _ in range(repeat):
        started = time.perf_counter()
        found = len(call())
        durations.append(milliseconds(started))
    return statistics.median(durations), found


def milliseconds(started: float) -> float:
    return (time.perf_counter() - started) * 1000
