"""Makes `.venv` and keeps it at the pinned requirements. Standard library only.

Each group of requirements has a file `requirements/<group>.txt` with hashes: `core` (a server),
`dev` (tests, checks, benchmarks), `node` (Node where the machine has none), `bootstrap` (uv),
`territory` (data files and the map cutter, in a folder of their own that no Python looks into),
`spark` and `sail` (other engines of the observatory: asked for by name, and by the tests).
"""

import fcntl
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from atre.config import stamps
from atre.config.places import REQUIREMENTS, ROOT, VENV, venv_python
from atre.config.progress import StepFailed, run_logged, step

TITLES = {
    "bootstrap": "Installateur uv",
    "core": "Bibliothèques du serveur",
    "dev": "Bibliothèques des tests et des contrôles",
    "node": "Node.js, dans l'environnement",
    "territory": "Données des territoires et outil de carte",
    "spark": "Apache Spark, moteur facultatif de l'observatoire",
    "sail": "Sail, moteur facultatif de l'observatoire",
}
# Groups of which only the files serve: installed apart, without what their packages ask for.
APART = frozenset({"territory"})


def expected_stamp(group: str) -> str:
    return stamps.fingerprint(
        [REQUIREMENTS / f"{group}.txt"], venv_version() or "", platform.machine()
    )


def stamp_of(group: str) -> Path:
    return VENV / "stamps" / group


def is_installed(group: str) -> bool:
    return stamps.is_fresh(stamp_of(group), expected_stamp(group))


def place_apart(group: str) -> Path:
    """Where the packages of a group of `APART` are."""
    return VENV / "apart" / group


def ensure(groups: Iterable[str]) -> None:
    """Brings `.venv` to the pinned versions of these groups; does nothing when it is there."""
    if venv_version() and all(is_installed(group) for group in groups):
        return
    with only_one_installer():
        if not venv_version():
            with step(f"Environnement Python {platform.python_version()} dans .venv"):
                make_venv()
        for group in groups:
            if not is_installed(group):
                install(group)


@cache
def venv_version() -> str | None:
    """« 3.11 » if `.venv` was made to the end and its interpreter still answers, else None.

    When the machine's Python moves from 3.11 to 3.13, the environment's interpreter does too,
    while its libraries stay those of 3.11: it must be made again.
    """
    if not (stamp_of("venv").is_file() and os.access(venv_python(), os.X_OK)):
        return None
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    answer = subprocess.run(
        [str(venv_python()), "-I", "-S", "-c", question],
        capture_output=True,
        text=True,
        check=False,
    )
    version = answer.stdout.strip()
    has_libraries = (VENV / "lib" / f"python{version}" / "site-packages").is_dir()
    return version if answer.returncode == 0 and has_libraries else None


def make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise StepFailed(
            "Ce Python ne sait pas faire d'environnement isolé : le module ensurepip lui manque.\n"
            "Sous Debian ou Ubuntu : sudo apt install python3-venv, puis relancez la commande."
        )
    # A half-made or outdated environment has no value of its own: everything in it is pinned.
    run_logged(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        cwd=ROOT,
        log=ROOT / "var" / "logs" / "venv.log",
    )
    stamps.write(stamp_of("venv"), platform.python_version())
    venv_version.cache_clear()


def install(group: str) -> None:
    """Installs one group with hashes checked, by uv when it can be had, else by pip."""
    stamps.forget(stamp_of(group))
    log = VENV / "logs" / f"{group}.log"
    if group in APART:
        shutil.rmtree(place_apart(group), ignore_errors=True)
    if group != "bootstrap" and has_uv():
        try:
            with step(TITLES[group]):
                run_logged(uv_command(group), cwd=ROOT, log=log, env=install_environment())
        except StepFailed:
            # uv does not read pip's configuration: behind an organisation's own mirror, pip works.
            print("  uv n'y arrive pas ici : nouvel essai avec pip, plus lent.", flush=True)
            with step(TITLES[group]):
                run_logged(pip_command(group), cwd=ROOT, log=log, env=install_environment())
    else:
        with step(TITLES[group]):
            run_logged(pip_command(group), cwd=ROOT, log=log, env=install_environment())
    stamps.write(stamp_of(group), expected_stamp(group))


def let_go(group: str) -> None:
    """Takes a group out of `.venv` once it has served; does nothing when it is not there."""
    if not is_installed(group):
        return
    with only_one_installer(), step(f"{TITLES[group]} : a servi, retiré"):
        stamps.forget(stamp_of(group))
        if group in APART:
            shutil.rmtree(place_apart(group))
        else:
            uninstall("--requirement", str(REQUIREMENTS / f"{group}.txt"), log=group)


def let_setuptools_go() -> None:
    """Takes away what Python 3.11 puts in each new environment to build packages: none is built."""
    if any(VENV.glob("lib/python3*/site-packages/setuptools")):
        with only_one_installer():
            uninstall("setuptools", log="setuptools")


def uninstall(*what: str, log: str) -> None:
    command = [
        *(str(venv_python()), "-m", "pip", "uninstall", "--disable-pip-version-check"),
        *("--no-input", "--yes", *what),
    ]
    run_logged(command, cwd=ROOT, log=VENV / "logs" / f"{log}.log")


def has_uv() -> bool:
    if not is_installed("bootstrap"):
        try:
            install("bootstrap")
        except StepFailed:
            print("  uv ne s'installe pas ici : pip prendra sa place, plus lentement.", flush=True)
            return False
    return True


def uv_command(group: str) -> list[str]:
    python = str(venv_python())
    requirements = str(REQUIREMENTS / f"{group}.txt")
    return [
        *(python, "-m", "uv", "pip", "install", "--python", python),
        *("--require-hashes", "--requirements", requirements, *options_apart(group)),
    ]


def pip_command(group: str) -> list[str]:
    return [
        *(str(venv_python()), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"),
        *("--require-hashes", "--requirement", str(REQUIREMENTS / f"{group}.txt")),
        *options_apart(group),
    ]


def options_apart(group: str) -> list[str]:
    return ["--no-deps", "--target", str(place_apart(group))] if group in APART else []


def install_environment() -> dict[str, str]:
    # uv would otherwise look for an interpreter on the network when it dislikes this one.
    return {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}


@contextmanager
def only_one_installer() -> Iterator[None]:
    """Two commands started together must not write the same environment: the second waits."""
    lock = ROOT / "var" / "install.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def node_from_path() -> Path | None:
    """The machine's own Node, if it is 20 or newer and has npm beside it."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.strip().removeprefix("v").partition(".")[0]
    return Path(node) if major.isdecimal() and int(major) >= 20 else None
