"""Desk tests sign people in by password alone, as the demonstration does."""

import pytest


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.DEMO = True


@pytest.fixture(autouse=True)
def _in_an_agency(standing_in_the_first_agency: None) -> None:
    """See tests.support.standing."""
