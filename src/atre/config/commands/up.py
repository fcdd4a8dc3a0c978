"""From a clean checkout to a page in the browser, and back in a few seconds the next day."""

import argparse
import os

from atre.config.places import data_dir
from atre.config.progress import step

GROUP = "Découvrir et utiliser"
HELP = "Prépare tout ce qui manque, puis sert Âtre sur cette machine."
EXAMPLES = ("./atre up", "./atre up --port 8080", "./atre up --empty")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--empty",
        action="store_true",
        help="sans la démonstration ; ce choix est retenu pour ce dossier de données",
    )
    parser.add_argument("--port", type=int, default=8000, help="8000 si rien n'est dit")
    parser.add_argument("--host", default="127.0.0.1", help="127.0.0.1 si rien n'est dit")


def run(args: argparse.Namespace) -> int:
    from atre.config import serving

    serving.check_port(args.host, args.port)
    with_demonstration = wants_demonstration(args.empty)
    local_environment(args.host, args.port, with_demonstration)
    prepare(with_demonstration)
    service = serving.Service(args.host, args.port)
    try:
        with step("Serveur web et moteur de tâches"):
            service.start()
        if not service.stopping.is_set():
            announce(with_demonstration)
        service.wait()
    finally:
        service.stop()
    print("\nArrêté. Les données restent dans", data_dir())
    return 0


def wants_demonstration(empty: bool) -> bool:
    """Remembers --empty: invented people must never join a real agency's cases by a later start."""
    marker = data_dir() / "without_demonstration"
    if empty:
        marker.parent.mkdir(parents=True, exist_ok=True)
        marker.touch()
    return not marker.exists()


def local_environment(host: str, port: int, with_demonstration: bool) -> None:
    """What a local start needs and a server's own settings may already say."""
    address = f"[{host}]" if ":" in host else host
    os.environ.setdefault("ATRE_BASE_URL", f"http://{address}:{port}")
    hosts = dict.fromkeys(["127.0.0.1", "localhost", "[::1]", address])
    os.environ.setdefault("ATRE_HOSTS", ",".join(hosts))
    if with_demonstration:
        os.environ.setdefault("ATRE_DEMO", "1")


def prepare(with_demonstration: bool) -> None:
    from atre.config import frontend, preparation, readiness

    frontend.ensure_assets()
    is_ready = readiness.is_ready(with_demonstration=with_demonstration)
    if is_ready and preparation.observatory_is_current():
        return
    preparation.configure()
    preparation.ensure_reference_data()
    preparation.ensure_territory_sources()
    preparation.ensure_observatory()
    preparation.ensure_database()
    if with_demonstration:
        preparation.ensure_demonstration()
    preparation.ensure_static_files()
    preparation.let_builders_go()
    readiness.remember(with_demonstration=with_demonstration)


def announce(with_demonstration: bool) -> None:
    print(f"\nÂtre répond sur {os.environ['ATRE_BASE_URL']}", flush=True)
    if with_demonstration:
        from atre.config import preparation

        preparation.configure()
        from atre.jobs import demonstration

        print("\nComptes de démonstration (personnes inventées) :")
        rows = demonstration.accounts()
        width = max(len(email) for email, _, _ in rows)
        secret = max(len(password) for _, password, _ in rows)
        for email, password, who in rows:
            print(f"  {email:<{width}}  {password:<{secret}}  {who}")
    else:
        print("Base vide : créez votre agence avec ./atre create-agency (voir --help).")
    print(f"\nDonnées : {data_dir()}. Pour arrêter : Ctrl-C.", flush=True)
