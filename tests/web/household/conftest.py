"""Desk tests sign people in by password alone, as the demonstration does."""

import pytest


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.DEMO = True
