"""Loading the demonstration: the same each time, whole or not at all, on true perimeters."""

from datetime import date

import pytest
from django.db import transaction

from atre.domain.agencies.models import Agency, Programme, User
from atre.domain.households.models import Case
from atre.domain.territories.selectors import perimeter_communes
from atre.jobs import demonstration
from atre.jobs.demonstration import loading
from atre.jobs.demonstration.agencies import AGENCIES
from tests.support import world

UNTIL = world.at("2026-11-20", 12)


def silent(_: str) -> None:
    """Loading says its progress to nobody here."""


def test_the_same_day_gives_the_same_households(territories):
    def told() -> list[tuple[str, str, date, str]]:
        loading.load_agency(AGENCIES[3], until=UNTIL, cases=0.2)
        rows = Case.objects.order_by("submission")
        columns = ("household__last_name", "household__phone", "deposited_on", "state")
        return list(rows.values_list(*columns))

    with transaction.atomic():
        first = told()
        transaction.set_rollback(True)
    assert told() == first


def test_an_interrupted_loading_starts_again_where_an_agency_is_missing(territories, monkeypatch):
    whole = loading.everyday.consider_sent

    def stop_at_the_second(cast, *, now):
        if cast.plan.slug == AGENCIES[1].slug:
            raise KeyboardInterrupt
        return whole(cast, now=now)

    monkeypatch.setattr(loading.everyday, "consider_sent", stop_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        demonstration.load(progress=silent, cases=0.03)
    assert not demonstration.is_loaded()
    assert set(Agency.objects.values_list("slug", flat=True)) == {AGENCIES[0].slug}
    monkeypatch.undo()
    demonstration.load(progress=silent, cases=0.03)
    assert demonstration.is_loaded()
    assert Agency.objects.count() == 4


def test_every_account_shown_can_log_in(territories):
    demonstration.load(progress=silent, cases=0.02)
    shown = demonstration.accounts()
    assert len(shown) == 17
    users = User.objects.in_bulk([email for email, _, _ in shown], field_name="email")
    assert len(users) == len(shown)
    email, passphrase, _ = shown[0]
    assert users[email].check_password(passphrase)
    assert not users[email].check_password(passphrase + "s")


def test_four_agencies_stand_on_their_true_perimeters(territories):
    demonstration.load(progress=silent, cases=0.02)
    communes = {
        agency.slug: perimeter_communes(agency.perimeter, None).count()
        for agency in Agency.objects.all()
    }
    assert communes["cofor-alec-83"] == 51
    ecogie = Programme.objects.get(slug="ecogie")
    names = {commune.name for commune in perimeter_communes(ecogie.perimeter, None)}
    assert {"Bagnolet", "Noisy-le-Grand"} <= names
    assert "Nogent-sur-Marne" not in names
    assert str(ecogie.support_target_share) == "0.300"
