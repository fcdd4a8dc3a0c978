"""Where do you live: the commune leads to a programme, an agency, or a plain no."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atre.domain.territories.models import PostalCode, TerritoryVintage
from tests.support import world


@pytest.fixture
def gazetteer(db):
    """The search reads a loaded reference: here four communes make one."""
    for insee, code in ((world.NOGENT, "94130"), (world.ANGERS, "49000"), (world.HYERES, "83400")):
        PostalCode.objects.get_or_create(commune=world.commune(insee), code=code)
    for insee, plain in ((world.NOGENT, "nogent sur marne"), (world.HYERES, "hyeres")):
        row = world.commune(insee)
        row.search_name = plain
        row.save()
    TerritoryVintage.objects.create(
        content_sha256="t" * 64, vintage="essai", source="essai", version="1", licence="essai",
        communes=4,
    )  # fmt: skip


def ask(client, commune: str, code: str = ""):
    return client.get("/demande/", {"commune": commune, "commune_code": code})


def test_a_covered_commune_leads_to_its_programme(client, gazetteer):
    programme = world.programme(world.agency(), name="Visites d’essai")

    page = ask(client, "Nogent-sur-Marne").content.decode()

    assert "Visites d’essai" in page
    assert f"/{programme.slug}/demande?commune={world.NOGENT}" in page
    form = client.get(f"/{programme.slug}/demande?commune={world.NOGENT}").content.decode()
    assert 'value="Nogent-sur-Marne"' in form
    assert f'value="{world.NOGENT}"' in form


def test_an_agency_without_programme_gives_its_phone(client, gazetteer):
    world.agency(insee=world.ANGERS, name="Agence d’Anjou")

    page = ask(client, "angers").content.decode()

    assert "Agence d’Anjou" in page
    assert "Demander de l’aide" not in page


def test_a_commune_that_nobody_covers_is_told_so(client, gazetteer):
    world.programme(world.agency())

    page = ask(client, "Hyeres").content.decode()

    assert "ne couvre Hyères" in page
    assert "france-renov.gouv.fr" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Indiquez la commune."),
        ("Trifouillis-les-Oies", "Nous ne trouvons pas cette commune"),
        ("Nogemt-sur-Marne", "Nogent-sur-Marne (94130)"),
        ("x" * 500, "Nous ne trouvons pas cette commune"),
    ],
)
def test_what_is_no_commune_is_said(client, gazetteer, typed, sentence):
    page = ask(client, typed).content.decode()

    assert sentence in page


def test_a_postal_code_alone_is_enough(client, gazetteer):
    assert "À Angers" not in ask(client, "94130").content.decode()
    assert "Angers" in ask(client, "49000").content.decode()


def test_suggestions_name_communes_and_nothing_else(client, gazetteer):
    page = client.get("/demande/communes/", {"q": "noge"}).content.decode()

    assert f'data-code="{world.NOGENT}"' in page
    assert client.get("/demande/communes/", {"q": "n"}).content.decode().strip() == ""


def test_suggestions_slow_a_machine_down(client, gazetteer, monkeypatch):
    from atre.web.public import where
    from atre.web.throttle import Bucket

    monkeypatch.setattr(where, "suggestions_asked", Bucket(most=2, seconds=60))

    statuses = [client.get("/demande/communes/", {"q": "noge"}).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]


def test_the_answer_costs_the_same_whatever_the_number_of_programmes(client, gazetteer):
    agency = world.agency()
    world.programme(agency)
    ask(client, "Nogent-sur-Marne")
    with CaptureQueriesContext(connection) as few:
        ask(client, "Nogent-sur-Marne")
    for _ in range(4):
        world.programme(agency)
    with CaptureQueriesContext(connection) as many:
        ask(client, "Nogent-sur-Marne")

    assert len(few) == len(many)
