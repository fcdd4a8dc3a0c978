"""Reinforced support: time spent, aids with their euros, mediation with its deadlines."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import localdate

from atre.domain.errors import DomainError, InvalidInput, NotAllowed, StaleSave
from atre.domain.households.enums import CaseState
from atre.domain.households.models import Attachment, Case
from atre.domain.households.states import IllegalTransition
from atre.domain.support import mediation_plan
from atre.domain.support.actions import aiding, mediating, supporting
from atre.domain.support.enums import AidState, MediationState, MediationStepKind
from atre.domain.support.selectors import aids_of, mediations_of, minutes_spent, support_of

TODAY = localdate()
PDF = b"%PDF-1.7 une lettre"


def opened(followed, **changes):
    values = {
        "by": followed.adviser,
        "case": followed.case,
        "goal": "Obtenir des travaux",
        "on": TODAY,
    }
    return supporting.open_support(**(values | changes))


def act(followed, **changes):
    values = {
        "by": followed.adviser,
        "case": followed.case,
        "kind": "call",
        "on": TODAY,
        "minutes": 20,
        "text": "Appel du matin",
        "today": TODAY,
    }
    return supporting.add_support_action(**(values | changes))


def ask(followed, **changes):
    values = {
        "by": followed.adviser,
        "case": followed.case,
        "kind": "fsl",
        "asked_on": TODAY,
        "asked_eur": None,
        "today": TODAY,
    }
    return aiding.ask_aid(**(values | changes))


def decide(followed, aid, **changes):
    values = {
        "by": followed.adviser,
        "aid": aid,
        "state": AidState.GRANTED,
        "decided_on": TODAY,
        "granted_eur": Decimal("450"),
        "today": TODAY,
    }
    return aiding.decide_aid(**(values | changes))


def mediate(followed, **changes):
    values = {
        "by": followed.adviser,
        "case": followed.case,
        "landlord": mediating.Landlord(name="SCI Exemple"),
        "problem": "Changer la fenêtre",
        "agreed_on": TODAY,
        "on": TODAY,
    }
    return mediating.open_mediation(**(values | changes))


def step(followed, mediation, **changes):
    values = {
        "by": followed.adviser,
        "mediation": mediation,
        "kind": MediationStepKind.FIRST_CONTACT,
        "on": TODAY,
        "due_on": TODAY + timedelta(days=21),
        "text": "Lettre",
        "today": TODAY,
    }
    return mediating.add_mediation_step(**(values | changes))


def test_a_support_opens_counts_its_time_and_closes_awaiting_the_year(followed):
    opened(followed)
    act(followed)
    act(followed, kind="formalities", minutes=45, text="Dossier FSL")

    assert minutes_spent(by=followed.adviser, case=followed.case) == 65
    closed = supporting.close_support(
        by=followed.adviser, case=followed.case, outcome="Fenêtre changée", on=TODAY
    )

    assert closed.closed_on == TODAY
    assert followed.fresh().state == CaseState.AWAITING_FOLLOW_UP


def test_time_of_nothing_is_unknown_not_zero(followed):
    assert minutes_spent(by=followed.adviser, case=followed.case) is None


def test_actions_need_an_open_support(followed):
    with pytest.raises(DomainError, match="ouvrez-le"):
        act(followed)
    opened(followed)
    assert act(followed).minutes == 20


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": 100_000}, "minutes"),
        ({"text": " "}, "text"),
        ({"kind": "miracle"}, "kind"),
        ({"on": TODAY + timedelta(days=1)}, "on"),
        ({"on": TODAY - timedelta(days=400)}, "on"),
    ],
)
def test_impossible_actions_are_refused_at_their_field(followed, changes, field):
    opened(followed)

    with pytest.raises(InvalidInput) as refusal:
        act(followed, **changes)

    assert refusal.value.field == field


def test_a_support_taken_up_again_keeps_what_the_first_gave(followed):
    opened(followed)
    supporting.close_support(
        by=followed.adviser, case=followed.case, outcome="Première fois", on=TODAY
    )

    opened(followed, goal="Un nouvel impayé")
    supporting.close_support(
        by=followed.adviser, case=followed.case, outcome="Seconde fois", on=TODAY
    )

    support = support_of(by=followed.adviser, case=followed.case)
    assert support.outcome == "Première fois\n\nSeconde fois"


def test_a_support_opens_only_after_the_visit(followed):
    opened(followed)

    with pytest.raises(IllegalTransition):
        opened(followed)


def test_a_stale_opening_shows_the_other_version(followed):
    with pytest.raises(StaleSave):
        opened(followed, revision=followed.case.revision - 1)


def test_another_agency_and_operators_do_not_support(followed, elsewhere):
    with pytest.raises(NotAllowed):
        opened(followed, by=followed.visitor)
    with pytest.raises(Case.DoesNotExist):
        opened(followed, by=elsewhere.adviser)
    with pytest.raises(InvalidInput, match="agence"):
        opened(followed, adviser=elsewhere.adviser)
    opened(followed)


def test_an_amount_may_be_unknown_when_asked_but_not_when_granted(followed):
    aid = ask(followed)
    assert aid.asked_eur is None

    with pytest.raises(InvalidInput, match="montant accordé"):
        decide(followed, aid, granted_eur=None)
    granted = decide(followed, aid)

    assert (granted.state, granted.granted_eur) == (AidState.GRANTED, Decimal("450"))


def test_a_payment_keeps_the_granted_amount_and_its_own_day(followed):
    aid = ask(followed, asked_on=TODAY - timedelta(days=30))
    decide(followed, aid, decided_on=TODAY - timedelta(days=3))

    paid = decide(followed, aid, state=AidState.PAID, granted_eur=None)

    assert (paid.granted_eur, paid.decided_on, paid.paid_on) == (
        Decimal("450"),
        TODAY - timedelta(days=3),
        TODAY,
    )


def test_a_refused_aid_has_no_amount(followed):
    refused = decide(followed, ask(followed), state=AidState.REFUSED, granted_eur=None)

    assert refused.granted_eur is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"granted_eur": Decimal("-1")}, "granted_eur"),
        ({"state": AidState.PAID}, "state"),
        ({"state": AidState.ASKED}, "state"),
        ({"decided_on": TODAY + timedelta(days=1)}, "decided_on"),
        ({"decided_on": TODAY - timedelta(days=1)}, "decided_on"),
    ],
)
def test_impossible_decisions_are_refused_at_their_field(followed, changes, field):
    aid = ask(followed)

    with pytest.raises(InvalidInput) as refusal:
        decide(followed, aid, **changes)

    assert refusal.value.field == field
    assert aids_of(by=followed.adviser, case=followed.case)[0].state == AidState.ASKED


def test_an_aid_of_another_agency_is_out_of_reach(followed, elsewhere):
    aid = ask(followed)

    with pytest.raises(Case.DoesNotExist):
        decide(elsewhere, aid)


def test_no_mediation_without_the_households_agreement(followed):
    with pytest.raises(InvalidInput, match="accord du ménage"):
        mediate(followed, agreed_on=None)

    assert mediate(followed).state == MediationState.OPEN


def test_a_letter_goes_with_the_files_of_the_case(followed, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    mediation = mediate(followed)

    row = step(followed, mediation, letter=mediating.PrintedLetter("Lettre au bailleur.pdf", PDF))

    assert row.letter == Attachment.objects.get(case=followed.case)
    assert row.letter.name == "Lettre au bailleur.pdf"


def test_silence_calls_for_the_next_step_after_each_deadline(followed):
    mediation = mediate(followed)

    def proposal(on):
        (view,) = mediations_of(by=followed.adviser, case=followed.case, on=on)
        return view.proposal

    assert proposal(TODAY).kind == MediationStepKind.FIRST_CONTACT
    step(followed, mediation)
    assert not proposal(TODAY + timedelta(days=21)).is_due
    assert proposal(TODAY + timedelta(days=22)).kind == MediationStepKind.REMINDER
    step(followed, mediation, kind=MediationStepKind.REMINDER)
    assert proposal(TODAY + timedelta(days=22)).kind == MediationStepKind.FORMAL_NOTICE
    step(followed, mediation, kind=MediationStepKind.WORKS_DONE, due_on=None)
    assert proposal(TODAY).kind is None


def test_every_step_has_a_sequel():
    told = set(mediation_plan.AFTER_SILENCE) | {MediationStepKind.WORKS_DONE}

    assert told == set(MediationStepKind)


def test_a_closed_mediation_takes_no_more_steps(followed):
    mediation = mediate(followed)
    mediating.close_mediation(by=followed.adviser, mediation=mediation, solved=True, on=TODAY)

    with pytest.raises(DomainError, match="close"):
        step(followed, mediation)


def test_a_mediation_of_another_agency_is_out_of_reach(followed, elsewhere):
    mediation = mediate(followed)

    with pytest.raises(Case.DoesNotExist):
        step(elsewhere, mediation)
    assert step(followed, mediation).pk


def test_an_adviser_from_elsewhere_reads_nothing(followed, elsewhere):
    opened(followed)
    ask(followed)

    assert support_of(by=elsewhere.adviser, case=followed.case) is None
    assert aids_of(by=elsewhere.adviser, case=followed.case) == []
