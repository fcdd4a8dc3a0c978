"""A programme answers at its own name: never at the name of a page of the site."""

import pytest

from atre.domain.agencies.addresses import RESERVED
from atre.domain.agencies.models import Programme
from atre.domain.errors import InvalidInput
from atre.jobs.agency_setup import _free_slug
from tests.support import world
from tests.trust.routes import all_routes

# No route of ours: the server's files, and programs to come.
KEPT_ASIDE = {"static", "api"}


def first_words() -> set[str]:
    words = {route.pattern.split("/")[0] for route in all_routes()}
    return {word for word in words if word and not word.startswith("<")}


def test_every_first_word_of_the_site_is_reserved():
    assert len(first_words()) > 10
    assert first_words() | KEPT_ASIDE == RESERVED


@pytest.mark.django_db
@pytest.mark.parametrize("slug", [*sorted(RESERVED), "Suivi"])
def test_a_programme_cannot_take_the_address_of_a_page(slug):
    agency = world.agency()

    with pytest.raises(InvalidInput, match="déjà l’adresse d’une page du site") as refused:
        world.programme(agency, slug=slug)

    assert refused.value.field == "slug"
    assert not Programme.objects.exists()


@pytest.mark.django_db
def test_a_programme_beside_a_reserved_word_has_its_page(client):
    programme = world.programme(world.agency(), slug="suivi-energie")

    assert client.get("/suivi-energie/").status_code == 200
    assert programme.name in client.get("/suivi-energie/").text


@pytest.mark.django_db
def test_an_agency_set_up_with_such_a_name_gets_an_address_of_its_own():
    assert _free_slug(Programme, "Suivi") == "suivi-2"
