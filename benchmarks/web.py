"""Pages les plus ouvertes et recherche par nom, sur un million de ménages inventés dans PostgreSQL.

One run on one machine: a throw-away PostgreSQL, the rows, the server as `./atre up` starts it, and
its own clients, which share the same cores. Each figure stands beside the floor measured in the
same run (a bare Django view reading the same rows), so that machines can be compared.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
AIM_PER_SECOND, AIM_P95_MS, AIM_SEARCH_MS = 100, 300, 100
SESSIONS = 40
CLIENTS = 4
RATE_CLIENTS = 32
# How often each page is opened in the mix: the list and the case are the day's work.
WEIGHTS = {"accueil": 2, "liste": 3, "liste filtrée": 2, "dossier": 4, "coordonnées": 1}
SURNAME = "barbel"


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./atre bench web")
    parser.add_argument("--households", type=int, default=1_000_000, help="1 000 000")
    parser.add_argument("--seconds", type=float, default=30, help="durée du mélange (30)")
    parser.add_argument("--keep", action="store_true", help="garde le serveur ouvert à la fin")
    args = parser.parse_args(argv)
    if args.households < 10_000:
        parser.error(
            "au moins 10 000 ménages : la plus petite mesure des requêtes en demande autant"
        )
    sys.path[:0] = [str(ROOT)]
    from tests.support.postgres import throwaway_server

    tuning = {"shared_buffers": "512MB", "work_mem": "16MB", "max_wal_size": "4GB"}
    with (
        tempfile.TemporaryDirectory(prefix="atre-bench-") as folder,
        throwaway_server(tuning) as server,
    ):
        configure(Path(folder), server.url)
        return measure(args, admin_url_of(server))


def admin_url_of(server) -> str:
    """The superuser's address, on the application's database."""
    return server.admin_url.rpartition("/")[0] + f"/{server.database}"


def configure(folder: Path, url: str) -> None:
    """An installation of its own: nobody's data folder is touched."""
    os.environ.update(
        DATABASE_URL=url,
        ATRE_DATA_DIR=str(folder),
        ATRE_SECRET_KEY="mesure-sans-donnees-personnelles-mesure-sans-donnees",
        # Second factors are a person's time, not the server's.
        ATRE_DEMO="1",
        ATRE_DEBUG="0",
        DJANGO_SETTINGS_MODULE="atre.config.settings",
        PYTHONPATH=os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    )
    from atre.config import frontend, preparation

    frontend.ensure_assets()
    preparation.configure()
    preparation.ensure_reference_data()
    preparation.ensure_database()
    preparation.ensure_static_files()


def measure(args: argparse.Namespace, admin_url: str) -> int:
    from atre.config.progress import detail, step
    from benchmarks.support import crowd, tenants

    with step(f"{args.households} ménages dans {tenants.AGENCIES} agences"):
        made = tenants.found_all(args.households)
        crowd.write(admin_url, made, detail)
    facts(args)
    counts = query_counts(made)
    with served("atre.config.wsgi:application") as port:
        sessions = open_sessions(made)
        calls = page_calls(sessions)
        alone, search = saturation(port, calls), search_times(port, sessions)
        mixed = mixture(port, calls, args.seconds)
        if args.keep:
            wait_for_enter(port, sessions)
    with served("benchmarks.support.floor:application") as port:
        floor = floor_of(port, made)
    return report(alone, mixed, search, counts, floor)


def facts(args: argparse.Namespace) -> None:
    load = os.getloadavg()[0]
    print(
        f"\nMachine : {os.cpu_count()} cœurs, Python {platform.python_version()}, {platform.machine()}"
    )
    print(f"Charge de la machine avant la mesure : {load:.1f} (au repos : près de 0)")
    print(f"Ménages : {args.households:,}".replace(",", "\u202f"))


@contextmanager
def served(application: str) -> Iterator[int]:
    """The application behind granian with the options of `./atre up`; yields its port."""
    from atre.config import serving
    from tests.support.postgres import free_port

    port = free_port()
    command = [*serving.server_command("127.0.0.1", port)[:-1], application]
    os.environ["ATRE_BASE_URL"] = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for(process, port)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    from benchmarks.support.pressing import open_connection

    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        if process.poll() is not None:
            break
        connection = open_connection(port)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.2)
        else:
            return
        finally:
            connection.close()
    raise SystemExit("Le serveur mesuré ne répond pas.")


@dataclass(frozen=True)
class Session:
    """A person logged in, and cases of theirs to open."""

    cookie: str
    references: tuple[str, ...]


def open_sessions(made: Sequence) -> list[Session]:
    """Advisers and directors of the agencies in turn, the largest agency four times as often."""
    from atre.domain.agencies import isolation
    from atre.domain.agencies.models import Membership
    from atre.domain.households.models import Case
    from benchmarks.support.tenants import session_cookie

    opened = []
    for number in range(SESSIONS):
        tenant = made[0] if number % 5 == 0 else made[number % len(made)]
        people = Membership.objects.filter(
            agency_id=tenant.agency, role="director" if number % 4 == 0 else "adviser"
        ).select_related("user")
        with isolation.within(tenant.agency):
            rows = Case.objects.filter(agency_id=tenant.agency).order_by("-pk")
            references = tuple(rows.values_list("reference", flat=True)[number : number + 50])
        person = people[number % 4]
        opened.append(Session(session_cookie(person.user, search=SURNAME), references))
    return opened


def page_calls(sessions: Sequence[Session]) -> dict[str, list]:
    from benchmarks.support.pressing import Call

    def calls(page: str, path: str) -> list[Call]:
        return [Call(page, path, session.cookie) for session in sessions]

    def of_cases(page: str, suffix: str) -> list[Call]:
        return [
            Call(page, f"/dossiers/{session.references[rank]}/{suffix}", session.cookie)
            for rank in range(50)
            for session in sessions
            if rank < len(session.references)
        ]

    return {
        "accueil": calls("accueil", "/"),
        "liste": calls("liste", "/dossiers/"),
        "liste filtrée": calls("liste filtrée", "/dossiers/?state=open&difficulty=damp"),
        "dossier": of_cases("dossier", ""),
        "coordonnées": of_cases("coordonnées", "coordonnees/"),
    }


def saturation(port: int, calls: dict[str, list]) -> dict[str, object]:
    """Each page alone, as fast as four clients can ask."""
    from benchmarks.support.pressing import saturate

    found = {}
    for page, listed in calls.items():
        # The first answers compile templates and open connections: every installation pays once.
        saturate(port, listed, clients=CLIENTS, seconds=1)
        found[page] = saturate(port, listed, clients=CLIENTS, seconds=4)
    return found


def search_times(port: int, sessions: Sequence[Session]) -> dict[str, object]:
    """The search page by name, one client at a time: what a person waits for alone."""
    from benchmarks.support.pressing import Call, saturate

    calls = [Call("recherche", "/dossiers/?recherche=mesure", s.cookie) for s in sessions]
    saturate(port, calls, clients=1, seconds=1)
    return {"page": saturate(port, calls, clients=1, seconds=4), "index": search_in_database()}


def search_in_database() -> list[float]:
    """Milliseconds of the search alone in the largest agency, under row-level security."""
    from atre.domain.agencies import isolation
    from atre.domain.agencies.models import Membership
    from atre.domain.households import listing, selectors

    by = Membership.objects.filter(role="adviser").order_by("pk").select_related("agency").first()
    spent = []
    for text in ("barbel", "bar", "fatou b", "ververver", "quentin val", "salmoupin") * 5:
        with isolation.reading(by.agency_id):
            started = time.perf_counter()
            list(listing.page_of(selectors.search_by_name(by=by, text=text)).cases)
            spent.append((time.perf_counter() - started) * 1000)
    return spent


def mixture(port: int, calls: dict[str, list], seconds: float) -> dict[str, object]:
    """The day's mix at the rate aimed at, whether or not the server keeps up."""
    from benchmarks.support.pressing import at_rate, interleaved

    turns = {page: listed * 1 for page, listed in calls.items()}
    mix = []
    for rank in range(60):
        shifted = {page: listed[rank:] + listed[:rank] for page, listed in turns.items()}
        mix += list(interleaved(shifted, WEIGHTS))
    return at_rate(port, mix, per_second=AIM_PER_SECOND, clients=RATE_CLIENTS, seconds=seconds)


def query_counts(made: Sequence) -> dict[str, list[int]]:
    """Queries of each page in agencies of about 100, 1 000 and 10 000 households."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from atre.domain.agencies.models import Membership

    counts: dict[str, list[int]] = {}
    for tenant in made[-3:]:
        person = Membership.objects.filter(agency_id=tenant.agency, role="adviser").first()
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(person.user)
        reference = f"{tenant.code}-{tenant.last:06X}"
        for page, path in {
            "accueil": "/",
            "liste": "/dossiers/",
            "liste filtrée": "/dossiers/?state=open&difficulty=damp",
            "dossier": f"/dossiers/{reference}/",
            "coordonnées": f"/dossiers/{reference}/coordonnees/",
        }.items():
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                status = client.get(path).status_code
            if status != 200:
                raise SystemExit(f"{page} répond {status} : la mesure n'aurait pas de sens.")
            counts.setdefault(page, []).append(len(queries))
    return counts


def floor_of(port: int, made: Sequence) -> object:
    from benchmarks.support.pressing import Call, saturate

    calls = [Call("plancher", f"/?agency={tenant.agency}", "") for tenant in made]
    saturate(port, calls, clients=CLIENTS, seconds=1)
    return saturate(port, calls, clients=CLIENTS, seconds=4)


def wait_for_enter(port: int, sessions: Sequence[Session]) -> None:
    print(f"\nLe serveur répond sur http://127.0.0.1:{port} ; cookie : {sessions[0].cookie}")
    input("Entrée pour continuer… ")


def report(alone, mixed, search, counts, floor) -> int:
    """The table, then what is reached and what is not. Returns 1 when an aim is missed."""
    print(f"\n{'':<15}{'seule, à saturation':>30}{'mélange à 100/s':>26}{'requêtes SQL':>16}")
    heads = ("page", "req/s", "plancher ÷", "p95 ms", "p50 ms", "p95 ms", "err.", "×1 ×10 ×100")
    print(
        f"{heads[0]:<15}{heads[1]:>9}{heads[2]:>12}{heads[3]:>9}{heads[4]:>10}{heads[5]:>9}{heads[6]:>7}{heads[7]:>16}"
    )
    for page, measured in alone.items():
        mix = mixed[page]
        ratio = floor.per_second / measured.per_second if measured.per_second else float("nan")
        print(
            f"{page:<15}{measured.per_second:>9.0f}{ratio:>11.1f}×{measured.percentile(0.95):>9.0f}"
            f"{mix.percentile(0.5):>10.0f}{mix.percentile(0.95):>9.0f}{mix.errors + measured.errors:>7}"
            f"{' '.join(map(str, counts[page])):>16}"
        )
    print(f"{'plancher':<15}{floor.per_second:>9.0f}{'':>12}{floor.percentile(0.95):>9.0f}")
    return conclude(alone, mixed, search, counts)


def conclude(alone, mixed, search, counts) -> int:
    everything = [spent for one in mixed.values() for spent in one.durations]
    errors = sum(one.errors for one in (*mixed.values(), *alone.values(), search["page"]))
    unserved = sum(one.unserved for one in mixed.values())
    seconds = max(one.seconds for one in mixed.values())
    rate = len(everything) / seconds
    p95 = statistics.quantiles(everything, n=20)[-1] if len(everything) > 1 else float("nan")
    page_p95 = search["page"].percentile(0.95)
    index_p95 = statistics.quantiles(search["index"], n=20)[-1]
    print()
    reached = [
        verdict(f"débit du mélange : {rate:.0f} req/s", f"≥ {AIM_PER_SECOND}", rate >= AIM_PER_SECOND * 0.98),
        verdict(f"p95 du mélange : {p95:.0f} ms", f"< {AIM_P95_MS} ms", p95 < AIM_P95_MS),
        verdict(f"erreurs : {errors} ; demandes restées sans réponse : {unserved}", "0", errors + unserved == 0),
        verdict(f"recherche par nom, p95 : {index_p95:.1f} ms en base, {page_p95:.0f} ms la page", f"< {AIM_SEARCH_MS} ms", max(page_p95, index_p95) < AIM_SEARCH_MS),
        verdict("requêtes SQL constantes quand les lignes croissent", "oui", all(map(constant, counts.values()))),
    ]  # fmt: skip
    return 0 if all(reached) else 1


def constant(counts: Sequence[int]) -> bool:
    """A smallest agency with nothing in one of the day's groups saves that group's question."""
    smallest, larger, largest = counts
    return smallest <= larger == largest


def verdict(figure: str, aim: str, reached: bool) -> bool:
    print(f"  {'✓' if reached else '✗'} {figure} (visé : {aim})")
    return reached
