"""Programmes are adjusted for the requests to come; exit tests are checked before they judge."""

from datetime import date
from decimal import Decimal

import pytest

from atre.calc.poverty.exit_definition import ExitDefinition
from atre.domain.agencies import isolation
from atre.domain.audit.models import AuditEntry
from atre.web.organisation.forms_exit import initial_of
from tests.support import world
from tests.web.organisation.conftest import save

pytestmark = pytest.mark.django_db

COMMITTEE = {
    "name": "Sortie selon le comité",
    "needs": "at_least",
    "at_least": "2",
    "no_longer_cold": "on",
    "no_longer_cold_before": "left_out",
    "effort_ratio_under": "on",
    "effort_threshold": "onpe",
    "effort_ratio_under_before": "not_met",
    "bills_fell_by": "on",
    "bills_percent": "10",
    "bills_measure": "euros",
}


@pytest.fixture
def programme(director):
    return world.programme(director.agency)


def values_of(programme, **changes):
    return {
        "summary": programme.summary,
        "required_income_class": programme.required_income_class,
        "support_target": "",
        "opens_on": programme.opens_on.isoformat(),
        "closes_on": "",
    } | changes


def path_of(programme, end=""):
    return f"/reglages/dispositifs/{programme.slug}/{end}"


def test_a_programme_changes_and_the_journal_says_from_what_to_what(client, director, programme):
    answer = save(
        client,
        path_of(programme),
        values_of(programme, support_target="30", required_income_class="modestes"),
    )
    assert answer.status_code == 302
    programme.refresh_from_db()
    assert programme.support_target_share == Decimal("0.3")
    isolation.enter(director.agency_id)
    entry = AuditEntry.objects.get(agency=director.agency, action="update_programme")
    assert entry.details["values"]["required_income_class"] == {
        "from": "tres_modestes",
        "to": "modestes",
    }


def test_a_case_already_judged_keeps_its_answer(client, director, programme):
    case = world.case(programme)
    isolation.enter(director.agency_id)
    case.refresh_from_db()
    before = (case.eligibility_answer, case.eligibility)
    save(client, path_of(programme), values_of(programme, required_income_class="none"))
    isolation.enter(director.agency_id)
    case.refresh_from_db()
    assert (case.eligibility_answer, case.eligibility) == before


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"closes_on": "2023-12-31"}, "La fermeture est avant l’ouverture."),
        ({"opens_on": "2026-02-30"}, "Cette date n’existe pas"),
        ({"support_target": "130"}, "Une part va de 0 à 100"),
        ({"support_target": "-1"}, "Une part va de 0 à 100"),
        ({"required_income_class": "riches"}, "riches"),
    ],
)
def test_bad_values_are_refused_and_kept_on_the_page(client, programme, changes, sentence):
    answer = save(client, path_of(programme), values_of(programme, summary="Texte tapé", **changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Texte tapé" in answer.text
    programme.refresh_from_db()
    assert programme.opens_on == date(2024, 1, 1)


def test_another_agency_s_programme_does_not_exist_here(client, director):
    foreign = world.programme(world.agency(insee=world.BAGNOLET))
    for end in ("", "sortie/"):
        assert client.get(path_of(foreign, end)).status_code == 404
        assert save(client, path_of(foreign, end), COMMITTEE).status_code == 404
    foreign.refresh_from_db()
    assert foreign.exit_test is None


def test_an_exit_test_is_stored_as_calc_reads_it(client, programme):
    answer = save(client, path_of(programme, "sortie/"), COMMITTEE)
    assert answer.status_code == 302
    programme.refresh_from_db()
    definition = ExitDefinition.from_dict(programme.exit_test)
    assert definition.at_least == 2
    assert [criterion.kind.value for criterion in definition.criteria] == [
        "no_longer_cold",
        "effort_ratio_under",
        "bills_fell_by",
    ]


def test_the_form_shows_again_what_was_stored(client, programme):
    save(client, path_of(programme, "sortie/"), COMMITTEE)
    programme.refresh_from_db()
    initial = initial_of(programme.exit_test)
    assert initial["at_least"] == 2
    assert initial["bills_percent"] == 10
    assert initial["effort_threshold"] == "onpe"
    assert initial["no_longer_cold_before"] == "left_out"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"no_longer_cold_before": ""}, "ce choix change les résultats publiés"),
        ({"name": ""}, "Donnez un nom à ce test."),
        ({"needs": ""}, "Choisissez combien"),
        ({"at_least": "4"}, "demande 4 critères mais n’en a que 3"),
        ({"bills_percent": ""}, "Indiquez la baisse attendue."),
        ({"effort_threshold": "own"}, "Indiquez votre seuil."),
    ],
)
def test_an_incomplete_exit_test_is_refused(client, programme, changes, sentence):
    answer = save(client, path_of(programme, "sortie/"), COMMITTEE | changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    programme.refresh_from_db()
    assert programme.exit_test is None


def test_no_criterion_means_no_test(client, programme):
    save(client, path_of(programme, "sortie/"), COMMITTEE)
    save(client, path_of(programme, "sortie/"), {"name": ""})
    programme.refresh_from_db()
    assert programme.exit_test is None


def test_a_programme_saved_meanwhile_shows_both_versions_and_loses_nothing(client, programme):
    mine = client.get(path_of(programme)).context["form"]["seen"].value()
    save(client, path_of(programme), values_of(programme, support_target="25"))

    answer = client.post(
        path_of(programme), values_of(programme, summary="Le mien", support_target="30", seen=mine)
    )
    assert answer.status_code == 409
    assert "Deux versions de la même fiche" in answer.text
    assert "Le mien" in answer.text
    assert ">25</td>" in answer.text
    assert ">30</td>" in answer.text
    programme.refresh_from_db()
    assert programme.support_target_share == Decimal("0.25")

    again = values_of(programme, summary="Le mien", support_target="30")
    client.post(path_of(programme), again | {"seen": answer.context["seen"]})
    programme.refresh_from_db()
    assert (programme.summary, programme.support_target_share) == ("Le mien", Decimal("0.3"))


def test_an_exit_test_saved_meanwhile_is_not_overwritten(client, programme):
    path = path_of(programme, "sortie/")
    mine = client.get(path).context["form"]["seen"].value()
    save(client, path, COMMITTEE)

    answer = client.post(path, COMMITTEE | {"name": "Le nôtre", "at_least": "1", "seen": mine})

    assert answer.status_code == 409
    assert "Sortie selon le comité" in answer.text
    assert "Le nôtre" in answer.text
    programme.refresh_from_db()
    assert programme.exit_test["name"] == "Sortie selon le comité"


def test_the_exit_test_and_the_programme_are_two_forms_that_do_not_collide(client, programme):
    mine = client.get(path_of(programme)).context["form"]["seen"].value()
    save(client, path_of(programme, "sortie/"), COMMITTEE)

    answer = client.post(path_of(programme), values_of(programme, summary="Le mien", seen=mine))

    assert answer.status_code == 302
