"""Programs we compare ourselves with, each in an environment of its own, made when it is asked for."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def peer_python(name: str) -> Path:
    """The interpreter of a peer's environment, at the pinned versions of `peers-<name>.txt`.

    Made on demand under the data folder; raises StepFailed, saying so, when it cannot be installed.
    """
    from atre.config import environment, stamps
    from atre.config.places import data_dir
    from atre.config.progress import StepFailed, step

    folder = data_dir() / "peers" / name
    pins = HERE / f"peers-{name}.txt"
    stamp, expected = folder / "installed", stamps.fingerprint([pins])
    python = folder / "bin" / "python"
    if stamps.is_fresh(stamp, expected):
        return python
    environment.ensure(("bootstrap",))
    uv = [sys.executable, "-m", "uv", "--quiet"]
    variables = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    try:
        with step(f"Environnement de {name}, pour comparer"):
            subprocess.run(
                [*uv, "venv", "--clear", "--python", sys.executable, str(folder)],
                env=variables,
                check=True,
            )
            subprocess.run(
                [
                    *uv,
                    "pip",
                    "install",
                    "--require-hashes",
                    "--python",
                    str(python),
                    "-r",
                    str(pins),
                ],
                env=variables,
                check=True,
            )
    except (OSError, subprocess.CalledProcessError) as fault:
        raise StepFailed(
            f"{name} ne s'installe pas : sans lui, il n'y a rien à comparer."
        ) from fault
    stamps.write(stamp, expected)
    return python
