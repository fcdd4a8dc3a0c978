"""Lines of a section that saved itself while its screen stayed open."""

import pytest

from atre.domain.visits.models import Visit
from tests.domain.visits.test_visit import visited_by
from tests.web.visit.test_screens import BILL, bills, inside, section, seen_of, start


@pytest.fixture
def visitor(client, operator):
    client.force_login(operator.visitor.user)
    return client


def kept(operator, case):
    with inside(operator):
        return Visit.objects.get(case=case).document["bills"]


def test_saving_after_the_form_saved_itself_keeps_its_lines(visitor, operator):
    with inside(operator):
        case = visited_by(operator)
    start(visitor, case)
    page = section(visitor, case, "factures")
    section(visitor, case, "factures", bills(page, BILL), headers={"HX-Request": "true"})
    (saved_by_itself,) = kept(operator, case)

    fresh = seen_of(section(visitor, case, "factures"))
    section(visitor, case, "factures", bills(page, BILL) | fresh | {"next": "1"})

    assert kept(operator, case) == [saved_by_itself]
