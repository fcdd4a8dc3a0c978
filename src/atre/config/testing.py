"""The phases of `./atre test`, each a run of pytest, and how they share a machine's cores."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from atre.config.places import ROOT, VENV
from atre.config.progress import seconds

if TYPE_CHECKING:
    from tests.support.postgres import Server

HEARTBEAT_SECONDS = 60
PERCENT = re.compile(rb"\[\s*(\d+)%\]")


@dataclass(frozen=True)
class Phase:
    """One run of pytest: which tests, on which database."""

    key: str
    title: str
    markers: str
    on_postgres: bool
    arguments: tuple[str, ...] = ()

    @property
    def in_browser(self) -> bool:
        return self.markers == "browser"


@dataclass(frozen=True)
class Result:
    phase: Phase
    code: int
    duration: float


# What asks a database nothing, or nothing of its own, gives the same answer on both: once, apart,
# is enough.
ONCE = (
    "tests/calc",
    "tests/formats",
    "tests/documents",
    "tests/config",
    "tests/warehouse",
    "tests/web/api",
    "tests/web/design",
)


def others_than(folders: Sequence[str]) -> list[str]:
    """What holds tests beside these folders, as paths from the root."""
    inside = {parent for folder in folders for parent in (folder, *map(str, Path(folder).parents))}
    found = [path for path in (ROOT / "tests").iterdir() if path.name != "web"]
    found += (ROOT / "tests" / "web").iterdir()
    names = [path.relative_to(ROOT).as_posix() for path in found]
    return sorted(
        name
        for name in names
        if name not in inside and (ROOT / name).is_dir() | Path(name).name.startswith("test_")
    )


def ignoring(paths: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"--ignore={path}" for path in paths)


PURE = Phase(
    "pure",
    "Calculs, lecteurs, documents et commandes",
    "not browser",
    on_postgres=False,
    arguments=ignoring(others_than(ONCE)),
)
SQLITE = Phase(
    "sqlite",
    "Tests sur SQLite",
    "not browser",
    on_postgres=False,
    arguments=ignoring(ONCE),
)
POSTGRES = Phase(
    "postgres",
    "Tests sur PostgreSQL",
    "not browser",
    on_postgres=True,
    arguments=ignoring(ONCE),
)
BROWSER_SQLITE = Phase("browser", "Navigateur, sur SQLite", "browser", on_postgres=False)
# Each screen is walked on SQLite; the whole journeys, where requests meet, on both.
BROWSER_POSTGRES = Phase(
    "journeys",
    "Parcours au navigateur, sur PostgreSQL",
    "browser",
    on_postgres=True,
    arguments=("--ignore-glob=tests/web/*", "--ignore=tests/config"),
)
EVERY_PHASE = (PURE, SQLITE, POSTGRES, BROWSER_SQLITE, BROWSER_POSTGRES)
# Two runs side by side halve the wait on two cores, when both take as long; the two that drive a
# browser never meet.
LANES = ((BROWSER_SQLITE, SQLITE, BROWSER_POSTGRES), (POSTGRES, PURE))


def run_phases(
    phases: Sequence[Phase], server: "Server | None", pytest_arguments: list[str]
) -> list[Result]:
    """Runs the phases, in order; all of them at once go side by side where there are two cores."""
    if len(phases) < len(EVERY_PHASE) or (os.cpu_count() or 1) == 1:
        return [run_here(phase, server, pytest_arguments) for phase in phases]

    def run_lane(lane: Sequence[Phase]) -> list[Result]:
        return [run_aside(phase, server, pytest_arguments) for phase in lane]

    with ThreadPoolExecutor(len(LANES)) as pool:
        results = [result for lane in pool.map(run_lane, LANES) for result in lane]
    return sorted(results, key=lambda result: EVERY_PHASE.index(result.phase))


def run_here(phase: Phase, server: "Server | None", pytest_arguments: list[str]) -> Result:
    """One phase, whose output goes straight to the terminal."""
    print(f"\n━━ {phase.title} ━━", flush=True)
    started = time.monotonic()
    done = subprocess.run(
        command(phase, pytest_arguments), cwd=ROOT, env=environment(phase, server), check=False
    )
    return Result(phase, done.returncode, time.monotonic() - started)


def run_aside(phase: Phase, server: "Server | None", pytest_arguments: list[str]) -> Result:
    """One phase among others: how far it is each minute, then all it said."""
    log = VENV / "logs" / f"tests-{phase.key}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with log.open("wb") as written:
        process = subprocess.Popen(
            command(phase, pytest_arguments),
            cwd=ROOT,
            env=environment(phase, server),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
        )
        code = wait(process, lambda: report(phase, log, started))
    duration = time.monotonic() - started
    text = log.read_text(encoding="utf-8", errors="replace")
    print(f"\n━━ {phase.title} ({seconds(duration)}) ━━\n{text}", flush=True)
    return Result(phase, code, duration)


def wait(process: subprocess.Popen[bytes], each_minute: Callable[[], None]) -> int:
    while True:
        try:
            return process.wait(HEARTBEAT_SECONDS)
        except subprocess.TimeoutExpired:
            each_minute()


def report(phase: Phase, log: Path, started: float) -> None:
    found = PERCENT.findall(log.read_bytes())
    share = f"{int(found[-1])} %" if found else "en préparation"
    print(f"  {phase.title} : {share} ({seconds(time.monotonic() - started)})", flush=True)


def command(phase: Phase, pytest_arguments: list[str]) -> list[str]:
    return [
        *(sys.executable, "-m", "pytest", "-m", phase.markers, "--durations=12"),
        *phase.arguments,
        *pytest_arguments,
    ]


def environment(phase: Phase, server: "Server | None") -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    if phase.on_postgres:
        assert server is not None
        env["DATABASE_URL"] = server.url
        # Backups read every agency: not as the application does.
        env["ATRE_BACKUP_DATABASE_URL"] = server.admin_url
    return env
