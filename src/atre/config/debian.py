"""Debian packages that tests need, installed in CI only: a person's machine is theirs."""

import os
import shutil
import subprocess
from pathlib import Path

from atre.config.progress import run_logged, step


def may_install() -> bool:
    return in_ci() and os.geteuid() == 0 and shutil.which("apt-get") is not None


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true"}


def install(packages: list[str], logs: Path) -> None:
    """Installs packages without a question; raises StepFailed with apt's own last lines."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    with step(f"Paquets Debian : {', '.join(packages)}"):
        if subprocess.run([*command, "--simulate"], capture_output=True, check=False).returncode:
            # An image without package lists knows no package until they are read.
            run_logged(["apt-get", "update"], cwd=Path("/"), log=logs / "apt-update.log", env=env)
        run_logged(command, cwd=Path("/"), log=logs / "apt-install.log", env=env)
