"""Nothing committed ties an installation to one place or can be built again."""

import subprocess
from pathlib import Path

import pytest

from atre.config import committed


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("/var/\n")
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


def test_pinned_requirements_with_hashes_are_accepted(checkout):
    write(checkout, "requirements/core.txt", "django==5.2.19 \\\n    --hash=sha256:00\n")
    assert committed.faults(checkout) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements/core.txt", "--index-url example\ndjango==5.2.19\n"),
        ("requirements/core.txt", "django @ https://example.org/django.whl\n"),
        ("package-lock.json", '{"packages": {"a": {"resolved": "https://example.org/a.tgz"}}}'),
        (".npmrc", "registry=https://example.org/\n"),
        ("src/atre/web/design/dist/atre.css", "body{}"),
        ("src/atre/web/design/assets/htmx.min.js", ";"),
        ("src/atre/calc/table.csv", "x" * (committed.MAXIMUM_BYTES + 1)),
    ],
)
def test_a_place_or_a_built_file_is_named(checkout, name, text):
    write(checkout, name, text)
    (fault,) = committed.faults(checkout)
    assert fault.startswith(f"{name} : ")


def test_what_git_ignores_is_not_looked_at(checkout):
    write(checkout, "var/atre.sqlite3", "rows")
    assert committed.faults(checkout) == []
