"""What a person sees while a long step runs: its name, its time, and its log if it fails.

Standard library only: used before anything is installed.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


class StepFailed(Exception):
    """A step could not be done. The message is for the person at the keyboard, in French."""


def seconds(duration: float) -> str:
    """A duration as French readers write it: « 0,4 s », « 2 min 05 s »."""
    if duration < 60:
        return f"{duration:.1f} s".replace(".", ",")
    minutes, rest = divmod(round(duration), 60)
    return f"{minutes} min {rest:02d} s"


class Clock(threading.Thread):
    """Rewrites « → title … 12 s » each second on a terminal."""

    def __init__(self, title: str) -> None:
        super().__init__(daemon=True)
        self.title = title
        self.finished = threading.Event()
        self.started = time.monotonic()

    def run(self) -> None:
        while not self.finished.wait(1):
            spent = int(time.monotonic() - self.started)
            print(f"\r→ {self.title} … {spent} s ", end="", flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Names a step before it runs, then says how long it took."""
    terminal = sys.stdout.isatty()
    start_of_line = "\r" if terminal else ""
    print(f"→ {title} …", end="" if terminal else "\n", flush=True)
    clock = Clock(title)
    if terminal:
        clock.start()
    try:
        yield
    except BaseException:
        clock.finished.set()
        print(f"{start_of_line}✗ {title} : échec.     ", flush=True)
        raise
    clock.finished.set()
    spent = seconds(time.monotonic() - clock.started)
    print(f"{start_of_line}✓ {title} ({spent})     ".rstrip(), flush=True)


def detail(sentence: str) -> None:
    """A line under the running step; on a terminal it takes the place of the clock's line."""
    # Twenty spaces wipe what the clock wrote beyond a shorter sentence.
    print(f"\r  {sentence}{' ' * 20}" if sys.stdout.isatty() else f"  {sentence}", flush=True)


def run_logged(
    command: Sequence[str], *, cwd: Path, log: Path, env: Mapping[str, str] | None = None
) -> None:
    """Runs a program with its output in a file; raises StepFailed with the end of it."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        try:
            code = subprocess.run(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode
        except OSError as error:
            raise StepFailed(f"{command[0]} ne démarre pas : {error.strerror}.") from error
    if code:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-25:]
        end = "\n".join(f"  {line}" for line in lines)
        raise StepFailed(
            f"« {' '.join(command[:4])} … » s'est arrêté avec le code {code} :\n{end}\n"
            f"Journal complet : {log}"
        )
