"""Letters of a mediation: what the visit saw, what the adviser checked, what must not leave."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from atre.documents import from_support
from atre.documents.letters import LandlordFormalNotice, LandlordReminder
from atre.domain.agencies import isolation
from atre.domain.errors import InvalidInput
from atre.domain.support.enums import MediationStepKind
from atre.domain.support.models import LandlordMediation, MediationStep
from tests.support import visited

K = MediationStepKind
ON = date(2026, 3, 2)


@pytest.fixture
def followed(db) -> Iterator[visited.Followed]:
    made = visited.followed()
    with isolation.within(made.agency):
        yield made


def letter(followed, *, steps=(), mediation=None, **changes):
    text = {
        "kind": K.FIRST_CONTACT,
        "place": "Nogent-sur-Marne",
        "written_on": ON,
        "reply_by": ON + timedelta(days=21),
        "findings": ("La fenêtre ne ferme plus",),
        "requests": ("Réparer la fenêtre",),
    }
    values = {
        "landlord_name": "SCI Exemple",
        "landlord_address": "7 place du Modèle\n75011 Paris",
        "agreed_on": ON,
    }
    return from_support.landlord_letter(
        case=followed.case,
        visit=followed.visit,
        mediation=LandlordMediation(**(values | (mediation or {}))),
        steps=steps,
        text=from_support.LandlordLetterText(**(text | changes)),
        by=followed.adviser,
    )


def test_the_letter_takes_the_label_of_the_visit_and_invents_no_consumption(followed):
    about = letter(followed).content.case

    assert about.dwelling.dpe_class == "G"
    assert about.dwelling.final_kwh_per_m2 is None
    assert about.visited_on == visited.VISITED_ON


@pytest.mark.parametrize(
    ("changes", "mediation", "sentence"),
    [
        ({}, {"agreed_on": None}, "accord du ménage"),
        ({}, {"landlord_address": ""}, "adresse du bailleur"),
        ({"findings": ()}, {}, "ce qui a été vu"),
        ({"reply_by": ON}, {}, "après la date"),
        ({"kind": K.REMINDER}, {}, "première lettre"),
        ({"kind": K.REPLY}, {}, "première lettre"),
    ],
)
def test_what_must_not_leave_is_refused_in_words(followed, changes, mediation, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        letter(followed, mediation=mediation, **changes)

    assert letter(followed).reference == followed.case.reference


def test_later_letters_name_the_days_of_the_earlier_ones(followed):
    steps = [
        MediationStep(kind=K.FIRST_CONTACT, on=ON - timedelta(days=30)),
        MediationStep(kind=K.REPLY, on=ON - timedelta(days=20)),
    ]

    reminder = letter(followed, steps=steps, kind=K.REMINDER).content
    notice = letter(followed, steps=steps, kind=K.FORMAL_NOTICE).content

    assert isinstance(reminder, LandlordReminder)
    assert reminder.sent_on == (ON - timedelta(days=30),)
    assert isinstance(notice, LandlordFormalNotice)
    assert notice.tenant_address_lines[0] == "3 rue des Essais"


def test_the_questionnaire_prints_the_gestures_advised(followed):
    pdf = from_support.questionnaire_pdf(
        case=followed.case,
        visit=followed.visit,
        place="Nogent-sur-Marne",
        on=date(2026, 11, 12),
        reply_by=date(2026, 12, 12),
    )

    assert pdf.startswith(b"%PDF")
    assert from_support.advised_gestures(followed.visit) == ["minus_1_degree", "led"]


@pytest.mark.parametrize(
    ("address", "town"),
    [
        ("12 rue des Essais\n94130 Nogent-sur-Marne", "Nogent-sur-Marne"),
        ("12 place du Modèle, 93006 Bagnolet", "Bagnolet"),
        ("12 rue des Essais\n93170 Bagnolet Cedex 2", "Bagnolet"),
        ("12 place du Modèle", ""),
        ("", ""),
    ],
)
def test_a_letter_is_written_from_the_agency_s_town(followed, address, town):
    followed.agency.postal_address = address
    followed.agency.save()
    case = followed.fresh()

    assert from_support.usual_place(case) == town
