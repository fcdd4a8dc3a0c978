"""The documentation says what the code does."""

import re

import pytest
from django.apps import apps
from django.db.models import Choices

from atre.config import generated_pages
from atre.config.places import ROOT

TERMINOLOGY = ROOT / "docs" / "terminology.md"


def test_generated_reference_pages_are_current():
    assert generated_pages.outdated() == [], "lancez ./atre docs"


def our_models() -> list[str]:
    return sorted(
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith("atre.domain") and not model._meta.auto_created
    )


def our_enums() -> list[type[Choices]]:
    found = []
    for config in apps.get_app_configs():
        if not config.name.startswith("atre.domain"):
            continue
        try:
            module = __import__(f"{config.name}.enums", fromlist=["enums"])
        except ModuleNotFoundError:
            continue
        found += [
            thing
            for thing in vars(module).values()
            if isinstance(thing, type)
            and issubclass(thing, Choices)
            and thing.__module__ == module.__name__
        ]
    return found


@pytest.fixture(scope="module")
def defined() -> set[str]:
    return set(re.findall(r"`([A-Za-z_.]+)`", TERMINOLOGY.read_text(encoding="utf-8")))


def test_terminology_defines_every_model(defined):
    assert sorted(set(our_models()) - defined) == []


def test_terminology_defines_every_closed_list_and_its_values(defined):
    enums = our_enums()
    assert enums
    missing = [enum.__name__ for enum in enums if enum.__name__ not in defined]
    assert missing == []


def test_terminology_defines_every_case_state(defined):
    from atre.domain.households.enums import CaseState

    assert sorted(state.value for state in CaseState if state.value not in defined) == []


@pytest.mark.parametrize(
    "page", [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"], ids=lambda p: p.name
)
def test_relative_links_of_a_page_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_settings_page_lists_every_variable_that_the_settings_read():
    source = (ROOT / "src" / "atre" / "config" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'"((?:ATRE|EMAIL|DATABASE)_[A-Z_]+)"', source))
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert {name for name in read if f"`{name}`" not in page} == set()
