"""Setting up a real agency: what it makes, what it refuses, and what it leaves untouched then."""

import argparse

import pytest

from atre.config.commands import create_agency
from atre.config.progress import StepFailed
from atre.domain.agencies import invitations, isolation
from atre.domain.agencies.enums import RequiredIncomeClass, Role
from atre.domain.agencies.models import Agency, Invitation, Membership, Programme
from atre.domain.agencies.selectors import open_programmes
from atre.domain.audit.selectors import entries, first_broken_link
from atre.domain.errors import InvalidInput
from atre.domain.messages.models import Message
from atre.domain.territories.errors import UnknownTerritory
from atre.domain.territories.selectors import perimeter_communes
from atre.jobs import agency_setup
from tests.support import world

VAR = ("248300394", "200040210", "200027100", "200040202", "248300410")
BASE_URL = "https://atre.example.org"


def setup(**changes: object) -> agency_setup.AgencySetup:
    values = {
        "name": "Agence du Val",
        "sirens": VAR,
        "programmes": (
            agency_setup.ProgrammeSetup("Visites énergie", RequiredIncomeClass.TRES_MODESTES),
        ),
        "director_name": "Camille Exemple",
        "director_email": "direction@example.org",
    } | changes
    return agency_setup.AgencySetup(**values)


def make(**changes: object) -> agency_setup.SetUp:
    return agency_setup.set_up_agency(
        setup(**changes), on=world.at("2026-03-02").date(), base_url=BASE_URL
    )


def options(**changes: object) -> argparse.Namespace:
    values = {
        "name": "Agence du Val",
        "siren": list(VAR),
        "programme": ["Visites énergie:tres_modestes"],
        "director_name": "Camille Exemple",
        "director_email": "direction@example.org",
        "code": None,
        "yes": True,
    } | changes
    return argparse.Namespace(**values)


def nothing_was_made() -> bool:
    return not (Agency.objects.exists() or Invitation.objects.exists() or Message.objects.exists())


def test_the_agency_covers_the_communes_of_its_sirens(territories):
    made = make()
    assert perimeter_communes(made.agency.perimeter, None).count() == 51
    assert list(open_programmes(on=world.at("2026-03-02").date())) == list(made.programmes)
    assert made.programmes[0].required_income_class == RequiredIncomeClass.TRES_MODESTES


def test_the_preview_says_each_population_with_its_kind_and_year(territories):
    page = create_agency.describe(agency_setup.preview(VAR))
    assert "51 communes" in page
    assert "179\u202f118 habitants (population totale, année légale 2022)" in page
    assert "178\u202f852 habitants (population municipale, année légale 2023)" in page


def test_the_invitation_opens_the_direction_once(territories):
    token = make().invitation_link.removeprefix(f"{BASE_URL}/invitation/").rstrip("/")
    membership = invitations.accept_invitation(
        token=token, password="une phrase de passe bien longue"
    )
    assert membership.role == Role.DIRECTOR
    with pytest.raises(invitations.InvitationExpired):
        invitations.accept_invitation(token=token, password="une phrase de passe bien longue")


def test_the_director_of_another_agency_gets_nothing_from_it(territories):
    other = world.member(world.agency(), Role.DIRECTOR)
    made = make()
    assert not Membership.objects.filter(agency=made.agency, user=other.user).exists()
    assert made.agency.code != other.agency.code


def test_the_invitation_is_queued_and_the_journal_is_whole(territories):
    made = make()
    with isolation.reading(made.agency):
        message = Message.objects.get(agency=made.agency)
        actions_done = [entry.action for entry in entries(agency=made.agency)]
        assert first_broken_link(agency=made.agency) is None
    assert message.to_email == "direction@example.org"
    assert made.invitation_link in message.body
    assert actions_done == ["invite", "create_programme", "create_agency"]


def test_an_unknown_siren_is_named_and_nothing_is_made(territories):
    with pytest.raises(UnknownTerritory, match="999999999"):
        make(sirens=(*VAR, "999999999"))
    assert nothing_was_made()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"sirens": ()}, "sirens"),
        ({"programmes": ()}, "programme"),
        ({"director_email": "direction"}, "director_email"),
        ({"director_name": ""}, "director_name"),
        ({"code": "trop-long"}, "code"),
    ],
)
def test_what_is_missing_or_impossible_is_named(territories, changes, field):
    with pytest.raises(InvalidInput) as refusal:
        make(**changes)
    assert refusal.value.field == field
    assert nothing_was_made()


def test_a_name_already_taken_is_refused_whatever_its_capitals(territories):
    make()
    with pytest.raises(InvalidInput, match="s’appelle déjà « Agence du Val »"):
        make(name="AGENCE DU VAL")


def test_two_agencies_of_the_same_initials_have_their_own_prefixes_and_addresses(territories):
    first, second = make(), make(name="Agence du Vallon")
    assert first.agency.code != second.agency.code
    assert first.programmes[0].slug == "visites-energie"
    assert second.programmes[0].slug == "visites-energie-2"


def test_the_command_makes_the_agency_and_prints_the_link(territories, capsys):
    assert create_agency.create(options()) == 0
    page = capsys.readouterr().out
    assert "51 communes" in page
    assert "/invitation/" in page
    assert Programme.objects.get().slug in page


def test_answering_no_makes_nothing(territories, capsys, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda _: "non")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    assert create_agency.create(options(yes=False)) == 1
    assert "Rien n’a été créé" in capsys.readouterr().out
    assert nothing_was_made()


def test_questions_are_asked_for_what_no_option_says(territories, monkeypatch, capsys):
    answers = iter(
        [
            *("Agence du Val", " ".join(VAR), "Visites énergie", "modestes", "Camille Exemple"),
            *("direction@example.org", "oui"),
        ]
    )
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    nothing = dict.fromkeys(("name", "director_name", "director_email", "code"))
    assert create_agency.create(options(**nothing, siren=[], programme=[], yes=False)) == 0
    assert Programme.objects.get().required_income_class == RequiredIncomeClass.MODESTES


def test_without_a_keyboard_the_missing_options_are_named(territories, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    with pytest.raises(StepFailed, match="--director-email"):
        create_agency.create(options(director_email=None))
    assert nothing_was_made()


@pytest.mark.parametrize("text", ["Visites énergie", "Visites énergie:riches", ":modestes"])
def test_a_programme_without_a_known_income_class_is_refused(text):
    with pytest.raises(StepFailed, match="tres_modestes"):
        create_agency.read_programme(text)


def test_a_real_agency_never_joins_the_demonstration(db, monkeypatch):
    monkeypatch.setattr("atre.jobs.demonstration.is_loaded", lambda: True)
    with pytest.raises(StepFailed, match="démonstration"):
        create_agency.refuse_beside_the_demonstration()
