"""What must never be committed: where packages were fetched from, and what can be built again."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

MAXIMUM_BYTES = 1_000_000
BUILT = re.compile(
    r"(^|/)(node_modules|__pycache__|dist|var)/|\.min\.(js|css)$|\.(map|pyc|sqlite3|whl)$"
)
# Each file that tells a package manager what to fetch, and what would tie it to one place.
TIES_TO_A_PLACE = {
    re.compile(r"^requirements/.*\.txt$"): re.compile(r"://|^\s*--(?!hash=)\S+", re.MULTILINE),
    re.compile(r"(^|/)package-lock\.json$"): re.compile(r'"resolved"\s*:'),
    re.compile(r"(^|/)\.npmrc$"): re.compile(r"registry\s*=(?!true)|_auth", re.IGNORECASE),
    re.compile(r"(^|/)(pip\.conf|uv\.toml|uv\.lock|pylock\.toml)$"): re.compile(r"://"),
}


def faults(root: Path) -> list[str]:
    """One sentence for each fault among the files that git knows or would add."""
    return [
        fault
        for name in candidate_files(root)
        if (root / name).is_file()
        for fault in faults_of(name, root / name)
    ]


def faults_of(name: str, path: Path) -> Iterator[str]:
    if BUILT.search(name):
        yield f"{name} : fichier construit, à ne pas enregistrer."
    if path.stat().st_size > MAXIMUM_BYTES:
        yield f"{name} : {path.stat().st_size} octets, plus que {MAXIMUM_BYTES}."
    for files, forbidden in TIES_TO_A_PLACE.items():
        if files.search(name) and (found := forbidden.search(path.read_text(encoding="utf-8"))):
            yield f"{name} : « {found.group().strip()} » lie l'installation à un lieu."


def candidate_files(root: Path) -> list[str]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return [name for name in listing.stdout.split("\0") if name]
