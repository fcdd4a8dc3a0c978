"""What must be true before Âtre can serve: a list of steps, each idempotent and quick when done.

Runs inside `.venv`. Functions whose first lines import Django need `configure()` before.
"""

import os
import secrets
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from atre.config import environment, frontend, stamps
from atre.config.launcher import environment_of_commands
from atre.config.places import REQUIREMENTS, ROOT, data_dir
from atre.config.progress import StepFailed, detail, step


def configure() -> None:
    """Creates the secret key if there is none, and starts Django."""
    ensure_secret_key()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atre.config.settings")
    import django

    django.setup()


def ensure_secret_key() -> None:
    """A key of its own for this data folder, readable by its owner alone, kept across starts."""
    path = data_dir() / "secret_key"
    if os.environ.get("ATRE_SECRET_KEY") or path.is_file():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"secret_key.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(secrets.token_urlsafe(64) + "\n")
    draft.replace(path)


def ensure_reference_data() -> None:
    """Turns the pinned npm geography into our reference files, when it or its code changed."""
    frontend.ensure_packages()
    sources = [
        ROOT / "package-lock.json",
        *python_files("jobs/reference"),
        *python_files("formats"),
    ]
    expected = stamps.fingerprint(sources)
    stamp = data_dir() / "reference" / ".atre-stamp"
    if stamps.is_fresh(stamp, expected):
        return
    stamps.forget(stamp)
    from atre.jobs import reference

    with step("Communes, intercommunalités et codes postaux"):
        reference.build_territories(progress=detail)
    stamps.write(stamp, expected)


def ensure_territory_sources() -> None:
    """Makes the tables and the map of the sources installed with Âtre, when one of them or its
    code changed. The packages are installed for that alone: `let_builders_go` takes them away."""
    from atre.jobs import territory_sources

    folder = data_dir() / "reference"
    sources = [*territory_sources.inputs(folder), REQUIREMENTS / "territory.txt"]
    expected = stamps.fingerprint(sources)
    stamp = folder / ".sources-stamp"
    made = territory_sources.files(folder)
    if stamps.is_fresh(stamp, expected) and all(path.is_file() for path in made):
        return
    stamps.forget(stamp)
    environment.ensure(["territory"])
    packages = environment.place_apart("territory")
    with step("Recensement, degrés-jours, contours et fond de carte"):
        try:
            territory_sources.build(folder=folder, packages=packages, progress=detail)
        except territory_sources.SourceMissing as error:
            raise StepFailed(str(error)) from error
    stamps.write(stamp, expected)


def observatory_is_current() -> bool:
    """Whether the observatory has nothing to build; told without loading its engine."""
    from atre.warehouse import freshness
    from atre.warehouse.folders import data_folder

    return freshness.is_current(data_folder(), now=datetime.now(UTC))


def ensure_observatory() -> None:
    """Receives the installed figures of territories and builds the tables, when something changed.

    Whatever stops it is said and logged: households are received without an observatory. In a
    process of its own, which gives its 600 MB back before Âtre serves.
    """
    if observatory_is_current():
        return
    log = data_dir() / "logs" / "observatory.log"
    try:
        with step("Observatoire : chiffres de toutes les communes"):
            _build_observatory(log)
    except StepFailed as failure:
        detail(f"L’observatoire n’a pas pu être construit. {failure}")
        detail("Le reste d’Âtre démarre ; pour essayer de nouveau : ./atre observatory build")


def _build_observatory(log: Path) -> None:
    """Raises StepFailed with the sentence of the refusal."""
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-P", "-m", "atre", "observatory", "build"]
    with (
        log.open("w+", encoding="utf-8") as errors,
        subprocess.Popen(
            command,
            env=environment_of_commands(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as build,
    ):
        for line in build.stdout or ():
            detail(line.rstrip())
    if build.returncode:
        said = log.read_text(encoding="utf-8", errors="replace").strip()
        is_ours = bool(said) and not said.startswith("Traceback")
        raise StepFailed(said if is_ours else f"Erreur du logiciel, notée dans {log}.")


def let_builders_go() -> None:
    """Takes away what only served to install and build: Node, the sources once they are tables, uv
    and setuptools. They come back by themselves when something changes; developers keep them."""
    frontend.let_node_go()
    if not environment.is_installed("dev"):
        environment.let_go("territory")
        environment.let_go("bootstrap")
        environment.let_setuptools_go()


def python_files(part: str) -> list[Path]:
    """The module `atre/<part>.py` or every module of the folder `atre/<part>/`."""
    base = ROOT / "src" / "atre" / part
    return [base.with_suffix(".py")] if not base.is_dir() else sorted(base.rglob("*.py"))


def ensure_database() -> None:
    """Applies the missing migrations and fills the reference tables."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        with step(f"Base de données : {len(plan)} migrations"):
            call_command("migrate", interactive=False, verbosity=0)
            call_command("createcachetable", verbosity=0)
    from atre.jobs import reference

    reference.load_territories(progress=detail)


def ensure_demonstration() -> None:
    """Loads the invented agencies, once."""
    from atre.jobs import demonstration

    if demonstration.is_loaded():
        return
    with step("Démonstration : agences, personnes et dossiers inventés"):
        demonstration.load()


def ensure_static_files() -> None:
    """Collects what the browser loads, when the bundles or the libraries changed."""
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    sources = [path for path in frontend.DIST.rglob("*") if path.is_file()]
    expected = stamps.fingerprint([*sources, ROOT / "requirements" / "core.txt"])
    stamp = root / ".atre-stamp"
    if stamps.is_fresh(stamp, expected):
        return
    with step("Fichiers statiques"):
        # Files of a former version stay: a page opened before the update still asks for them.
        call_command("collectstatic", interactive=False, verbosity=0)
    stamps.write(stamp, expected)
