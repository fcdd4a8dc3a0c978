"""What the content security policy would block, or a shared computer keep, never enters a template."""

import re
from pathlib import Path

import pytest

import atre.web

ROOT = Path(atre.web.__file__).parent
TEMPLATES = sorted(ROOT.rglob("templates/**/*.html"))
SCRIPT_WITH_CODE = re.compile(r"<script(?![^>]*(\bsrc=|application/json))[^>]*>")


def names(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def test_the_walk_finds_the_templates():
    assert "design/templates/design/base.html" in names(TEMPLATES)


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("inline style", re.compile(r"\sstyle=[\"']|<style")),
        ("inline handler", re.compile(r"\son[a-z]+=[\"']")),
        ("inline script", SCRIPT_WITH_CODE),
        (
            "file or form of another host",
            re.compile(r"(src|action|<link[^>]*href)=[\"'](https?:)?//"),
        ),
        ("an English plural: French has « 0 ménage » (use plural_fr)", re.compile(r"\|pluralize")),
        ("htmx code evaluated in the page", re.compile(r"hx-on|hx-vals=[\"']js:")),
    ],
)
def test_no_template_holds(what, pattern):
    faulty = [path for path in TEMPLATES if pattern.search(path.read_text(encoding="utf-8"))]

    assert names(faulty) == [], what


def test_public_pages_do_not_keep_what_a_household_types():
    kept = [
        path
        for path in (ROOT / "public").rglob("*.html")
        if "data-keep=" in path.read_text(encoding="utf-8")
    ]

    assert names(kept) == []
