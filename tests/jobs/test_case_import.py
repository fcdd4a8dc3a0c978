"""Taking over an agency's file: once each, judged at its date, resumed after a kill."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.audit.models import AuditEntry
from atre.domain.errors import InvalidInput, NotAllowed
from atre.domain.households import consent_texts
from atre.domain.households.enums import Channel
from atre.domain.households.importing import store, taking_over
from atre.domain.households.importing.columns import guess
from atre.domain.households.models import Case, Consent
from atre.domain.messages.models import Message
from atre.formats.case_table import read_table
from atre.jobs.case_import import expiry
from tests.support import world

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 22)
HEADERS = (
    "N° dossier;Date de la demande;Nom;Prénom;Né le;Tél;Adresse;CP;Ville;Adultes;Enfants;"
    "Statut;Froid;RFR;Année RFR"
)
LINE = (
    "{key};{day};{last};Amina;04/05/1980;{phone};3 rue des Essais;94130;94052;1;2;"
    "Locataire privé;oui;18 000,00 €;2022"
)


def file_of(*lines: str) -> bytes:
    return "\r\n".join([HEADERS, *lines]).encode()


def line(number: int = 1, **changes: str) -> str:
    values = {
        "key": f"D{number}",
        "day": "12/03/2024",
        "last": f"Exemple{number}",
        "phone": f"06123456{number:02d}",
    }
    return LINE.format(**(values | changes))


class Agency:
    def __init__(self, settings, tmp_path) -> None:
        settings.DATA_DIR = tmp_path
        self.agency = world.agency()
        self.programme = world.programme(self.agency)
        self.director = world.member(self.agency, Role.DIRECTOR)

    def send(self, content: bytes, *, consented_on: date | None = date(2024, 1, 1)):
        kept = store.keep(
            by=self.director,
            content=content,
            filename="suivi.csv",
            programme_id=self.programme.pk,
            sheets=[""],
        )
        table = read_table(content)
        waiting = replace(kept, mapping=guess(table.headers), consented_on=consented_on)
        store.save(waiting)
        return waiting

    def try_out(self, waiting):
        with isolation.within(self.agency):
            return taking_over.try_out(by=self.director, waiting=waiting, on=ON)

    def run(self, waiting, *, keep_doubles: bool = False):
        with isolation.within(self.agency):
            waiting = taking_over.launch(
                by=self.director, waiting=waiting, keep_doubles=keep_doubles, on=ON
            )
            while not waiting.is_finished:
                waiting = taking_over.take_over_batch(by=self.director, waiting=waiting, on=ON)
        return waiting

    def cases(self) -> int:
        with isolation.within(self.agency):
            return Case.objects.filter(agency=self.agency).count()


@pytest.fixture
def ours(settings, tmp_path) -> Agency:
    return Agency(settings, tmp_path)


def test_a_case_is_taken_over_as_received_on_its_day_and_judged_by_that_year_s_ceilings(ours):
    ours.run(ours.send(file_of(line())))
    with isolation.within(ours.agency):
        case = Case.objects.select_related("household").get()
        assert (case.channel, case.deposited_on) == (Channel.IMPORT, date(2024, 3, 12))
        assert case.eligibility["on"] == "2024-03-12"
        assert case.eligibility_answer == "yes"
        assert case.state == "eligible"
        assert (case.household.phone, case.household.tenure) == ("+33612345601", "private_tenant")
        assert case.too_cold_or_hot
        assert not case.damp


def test_the_agreement_keeps_its_own_date_and_words_and_nobody_is_written_to(ours):
    ours.run(ours.send(file_of(line()), consented_on=date(2024, 1, 1)))
    with isolation.within(ours.agency):
        consent = Consent.objects.get()
        assert timezone.localtime(consent.given_at).date() == date(2024, 1, 1)
        assert consent.text_version == consent_texts.TAKEN_OVER
        assert consent.stated_by == ours.director
        text = consent_texts.consent_text(
            programme=ours.programme, kind=consent.kind, version=consent.text_version
        )
        assert ours.agency.name in text.statement
        assert not Message.objects.exists()


def test_without_an_agreement_no_line_is_taken(ours):
    trial = ours.try_out(ours.send(file_of(line()), consented_on=None))
    assert trial.ready == 0
    assert "Accord du ménage" in trial.rejected[0].reason


def test_the_same_file_twice_makes_no_double(ours):
    content = file_of(line(1), line(2))
    first = ours.run(ours.send(content))
    second = ours.run(ours.send(content))
    assert (first.progress.created, second.progress.created) == (2, 0)
    assert second.progress.already_there == 2
    assert ours.cases() == 2


def test_a_line_without_a_number_of_its_own_is_known_by_its_content(ours):
    content = file_of(line(key=""))
    ours.run(ours.send(content))
    assert ours.run(ours.send(content)).progress.already_there == 1
    assert ours.cases() == 1


def test_the_same_case_twice_in_a_file_is_taken_once_and_said(ours):
    waiting = ours.run(ours.send(file_of(line(), line())))
    assert waiting.progress.created == 1
    assert waiting.progress.rejected == ((3, "Même dossier que la ligne 2 de ce fichier."),)


def test_two_agencies_may_hold_the_same_numbers(ours, settings, tmp_path):
    theirs = Agency(settings, tmp_path)
    content = file_of(line())
    assert ours.run(ours.send(content)).progress.created == 1
    assert theirs.run(theirs.send(content)).progress.created == 1


def test_a_batch_that_dies_leaves_nothing_and_the_next_run_makes_the_file_whole(ours, monkeypatch):
    waiting = ours.send(file_of(*(line(n) for n in range(1, 6))))
    with isolation.within(ours.agency):
        waiting = taking_over.launch(by=ours.director, waiting=waiting, keep_doubles=False, on=ON)
    opened = []
    whole = taking_over.open_case

    def dies_at_the_third(**asked):
        if len(opened) == 2:
            raise KeyboardInterrupt
        opened.append(asked)
        return whole(**asked)

    monkeypatch.setattr(taking_over, "open_case", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        taking_over.take_over_batch(by=ours.director, waiting=waiting, on=ON)
    assert ours.cases() == 0
    assert store.find(by=ours.director, identifier=waiting.identifier).progress.next_line == 0
    monkeypatch.setattr(taking_over, "open_case", whole)
    again = taking_over.take_over_batch(by=ours.director, waiting=waiting, on=ON)
    assert (again.progress.created, ours.cases()) == (5, 5)


def test_a_batch_whose_state_was_not_written_is_run_again_without_doubles(ours):
    waiting = ours.send(file_of(line(1), line(2)))
    with isolation.within(ours.agency):
        waiting = taking_over.launch(by=ours.director, waiting=waiting, keep_doubles=False, on=ON)
        taking_over.take_over_batch(by=ours.director, waiting=waiting, on=ON)
        again = taking_over.take_over_batch(by=ours.director, waiting=waiting, on=ON)
    assert (again.progress.created, again.progress.already_there) == (0, 2)
    assert ours.cases() == 2


def test_batches_advance_until_the_end_and_each_is_in_the_journal(ours, monkeypatch):
    monkeypatch.setattr(taking_over, "BATCH", 2)
    waiting = ours.run(ours.send(file_of(*(line(n) for n in range(1, 6)))))
    assert waiting.progress.created == 5
    with isolation.within(ours.agency):
        entries = AuditEntry.objects.filter(action="import_cases").order_by("sequence")
        assert [entry.details["created"] for entry in entries] == [2, 2, 1]
        assert "Exemple" not in str([entry.details for entry in entries])


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"day": "32/13/2024"}, "cette date ne se lit pas"),
        ({"day": "12/03/24"}, "quatre chiffres"),
        ({"day": "01/01/2031"}, "elle doit être passée"),
        ({"day": ""}, "Date de la demande : il manque."),
        ({"last": ""}, "Nom : il manque."),
        ({"phone": ""}, "Donnez un téléphone"),
        ({"phone": "06 12"}, "numéro de téléphone"),
    ],
)
def test_a_bad_line_is_rejected_with_its_reason_and_the_good_one_is_taken(ours, changed, reason):
    waiting = ours.run(ours.send(file_of(line(1, **changed), line(2))))
    ((number, said),) = waiting.progress.rejected
    assert number == 2
    assert reason in said
    assert waiting.progress.created == 1


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (";94052;", ";93006;", "n’était pas dans le territoire"),
        (";94052;", ";Atlantis;", "n’est pas connue"),
        ("18 000,00 €", "beaucoup", "ce nombre ne se lit pas"),
        ("18 000,00 €", "-5", "jamais négatif"),
        ("Locataire privé", "Squatteur", "n’est pas dans la liste"),
        (";oui;", ";peut-être;", "attendu oui, non, ou rien"),
        ("2022", "2025", "Année des revenus"),
        (";1;2;", ";0;2;", "au moins un adulte"),
    ],
)
def test_an_impossible_value_is_refused_and_never_guessed(ours, before, after, reason):
    world.commune(world.BAGNOLET)
    trial = ours.try_out(ours.send(file_of(line().replace(before, after))))
    assert trial.ready == 0
    assert reason in trial.rejected[0].reason


def test_a_blank_is_unknown_and_not_zero(ours):
    ours.run(ours.send(file_of(line().replace(";18 000,00 €;", ";;").replace(";1;2;", ";;;"))))
    with isolation.within(ours.agency):
        case = Case.objects.select_related("household").get()
        assert (case.rfr_eur, case.household.adults, case.household.children) == (None, None, None)
        assert case.eligibility_answer == "unknown"


def test_known_households_are_set_aside_unless_asked_otherwise(ours):
    with isolation.within(ours.agency):
        known = world.case(
            ours.programme, last_name="Exemple1", birth_date=date(1980, 5, 4), phone="0699999999"
        )
    waiting = ours.send(file_of(line(1), line(2)))
    assert [found.reference for found in ours.try_out(waiting).resembling] == [known.reference]
    run = ours.run(waiting)
    assert (run.progress.created, len(run.progress.rejected)) == (1, 1)
    assert known.reference in run.progress.rejected[0][1]
    assert ours.run(ours.send(file_of(line(1))), keep_doubles=True).progress.created == 1


def test_the_dry_run_writes_nothing_and_says_who_is_eligible(ours):
    trial = ours.try_out(ours.send(file_of(line(1), line(2).replace("18 000,00 €", "90 000"))))
    assert (trial.ready, trial.answers["yes"], trial.answers["no"]) == (2, 1, 1)
    assert ours.cases() == 0


def test_rejected_lines_come_back_as_they_were_with_the_reason(ours):
    waiting = ours.run(ours.send(file_of(line(1, last="=1+1", phone=""), line(2))))
    headers, lines = taking_over.rejected_lines(waiting)
    assert headers[:4] == [
        "Ligne",
        "Pourquoi elle n’est pas reprise",
        "N° dossier",
        "Date de la demande",
    ]
    assert (lines[0][0], lines[0][4]) == (2, "=1+1")


@pytest.mark.parametrize("role", [Role.ADVISER, Role.COORDINATOR, Role.REFERRER, Role.OBSERVER])
def test_only_the_direction_takes_files_over(ours, role):
    waiting = ours.send(file_of(line()))
    person = world.member(ours.agency, role)
    with pytest.raises(NotAllowed), isolation.within(ours.agency):
        taking_over.try_out(by=person, waiting=waiting, on=ON)
    with pytest.raises(NotAllowed):
        store.find(by=person, identifier=waiting.identifier)


def test_another_agency_s_file_and_no_file_look_alike(ours, settings, tmp_path):
    theirs = Agency(settings, tmp_path)
    waiting = theirs.send(file_of(line()))
    for identifier in (waiting.identifier, uuid4()):
        with pytest.raises(store.NoSuchImport):
            store.find(by=ours.director, identifier=identifier)
    assert store.find(by=theirs.director, identifier=waiting.identifier) == waiting


def test_a_file_without_a_needed_column_is_refused_whole(ours):
    waiting = replace(ours.send(file_of(line())), mapping={"last_name": 2})
    with pytest.raises(InvalidInput, match="Il manque une colonne pour"):
        ours.try_out(waiting)


def test_a_file_is_erased_after_a_week_and_not_before(ours):
    fresh = ours.send(file_of(line()))
    old = replace(ours.send(file_of(line())), created_at=timezone.now() - timedelta(days=8))
    store.save(old)
    with pytest.raises(store.NoSuchImport):
        store.find(by=ours.director, identifier=old.identifier)
    assert expiry.erase_expired() == 1
    assert expiry.erase_expired() == 0
    assert store.content_of(fresh) == file_of(line())
    assert not Path(store.root() / str(ours.agency.pk) / str(old.identifier)).exists()
