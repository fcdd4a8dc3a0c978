"""Where figures come from, and dropping a file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.audit.models import AuditEntry
from atre.jobs import observatory_drops
from atre.warehouse import building
from atre.warehouse.sources import drops
from atre.warehouse.sources.drops import DropState
from atre.warehouse.sources.receipts import receipts
from atre.web.observatory.views import drops as views
from tests.support import world
from tests.support.observatory import SmallObservatory
from tests.web.observatory.test_territory_page import text_of

DROP = "/observatoire/sources/deposer/"
ORE = (
    "code_commune;nom_commune;annee;filiere;code_grand_secteur;conso_mwh;sites\n"
    "95001;Aincourt;2023;Electricité;RESIDENTIEL;1900;412\n"
    "95001;Aincourt;deux mille;Electricité;TERTIAIRE;90;3\n"
)


def file(content: str = ORE, name: str = "ore.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode(), content_type="text/csv")


@pytest.fixture
def own(tmp_path, monkeypatch) -> SmallObservatory:
    """An observatory that the test may change."""
    observatory = SmallObservatory.at(tmp_path / "data")
    monkeypatch.setenv("ATRE_DATA_DIR", str(observatory.folders.data))
    # The one table that these files feed: the others cost seconds each.
    monkeypatch.setattr(building, "MARTS", {"consumption": building.MARTS["consumption"]})
    monkeypatch.setattr(building, "CALCULATIONS", {})
    monkeypatch.setattr(building, "BOUNDED_MARTS", ())
    return observatory


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """The keys of the files whose reading was asked for."""
    keys: list[str] = []
    monkeypatch.setattr(views, "async_task", lambda task, key: keys.append(key))
    return keys


@pytest.fixture
def director(settings) -> Client:
    settings.DEMO = True
    member = world.member(world.agency(), Role.DIRECTOR)
    client = Client()
    client.force_login(member.user)
    client.membership = member
    return client


def test_sources_are_public_and_say_what_was_read(client, served):
    page = text_of(client.get("/observatoire/sources/"))
    assert "ore_consumption-2.csv · Agence ORE · Licence Ouverte 2.0" in page
    assert "Déposer un fichier" not in page


@pytest.mark.parametrize("role", [Role.ADVISER, Role.COORDINATOR, Role.OBSERVER])
def test_only_who_may_feed_the_observatory_opens_the_form(served, settings, role):
    settings.DEMO = True
    client = Client()
    client.force_login(world.member(world.agency(), role).user)
    assert client.get(DROP).status_code == 403


def test_a_dropped_file_is_recognised_read_built_and_served(
    director, own, asked, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = director.post(DROP, {"file": file()})
    (key,) = asked
    assert answer.url == f"/observatoire/sources/depot/{key}/"
    assert "En attente du moteur de tâches" in text_of(director.get(answer.url))

    observatory_drops.take_in(key)

    page = text_of(director.get(answer.url))
    assert "Reçu, et compté dans les chiffres" in page
    assert "ore.csv : reconnu comme consommation annuelle d’électricité et de gaz" in page
    assert "1 ligne non lue" in page
    assert "1 900 MWh consommés en 2023" in text_of(director.get("/observatoire/commune/95001/"))
    assert drops.file_of(own.folders, drops.drop_of(own.folders, key)) is None
    with isolation.within(director.membership.agency_id):
        assert AuditEntry.objects.get(action="drop_territory_file").actor_id == director.membership.pk  # fmt: skip


def test_the_same_content_is_taken_in_once(
    director, own, asked, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        director.post(DROP, {"file": file()})
    observatory_drops.take_in(asked[0])
    with django_capture_on_commit_callbacks(execute=True):
        again = director.post(DROP, {"file": file(name="le même.csv")}, follow=True)
    assert len(asked) == 1
    assert "Reçu, et compté" in text_of(again)
    assert len(receipts(own.folders)) == 1


def test_a_file_that_is_not_recognised_is_refused_and_not_kept(director, own, asked):
    answer = director.post(DROP, {"file": file("bonjour\nmonde\n", "lettre.csv")})
    assert answer.status_code == 422
    assert "Un point à corriger" in text_of(answer)
    assert asked == []
    assert not [path for path in own.folders.drops.rglob("*") if path.is_file()]


def test_a_meter_s_file_is_refused_with_a_sentence_at_its_reading(
    director, own, asked, django_capture_on_commit_callbacks
):
    days = "".join(f"2025-01-{day:02d},{day}\n" for day in range(1, 29))
    with django_capture_on_commit_callbacks(execute=True):
        answer = director.post(DROP, {"file": file(f"date,kwh\n{days}", "compteur.csv")})
    observatory_drops.take_in(asked[0])
    page = text_of(director.get(answer.url))
    assert "Refusé : rien n’en est gardé" in page
    assert "ne sont pas ceux de territoires" in page
    assert receipts(own.folders) == []


def test_a_task_that_fails_says_so_and_lets_the_file_go(director, own, asked, monkeypatch, django_capture_on_commit_callbacks):  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        director.post(DROP, {"file": file()})

    def broken(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(observatory_drops.observatory, "build", broken)
    with pytest.raises(OSError, match="disk full"):
        observatory_drops.take_in(asked[0])
    found = drops.drop_of(own.folders, asked[0])
    assert found.state is DropState.FAILED
    assert "Les tables d’avant restent servies" in found.message_fr.replace("\n", " ")
