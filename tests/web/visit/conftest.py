"""The screens of visits, seen by the operator's people."""

import pytest

from tests.domain.visits.conftest import Operator, make_operator


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def operator(db) -> Operator:
    return make_operator()
