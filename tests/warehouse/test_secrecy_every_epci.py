"""The attack over each EPCI's published table, from a built observatory."""

from datetime import date

import pytest

from atre.warehouse import engine
from atre.warehouse.edition import read_edition
from atre.warehouse.secrecy.every_epci import attack_every_epci
from tests.support.observatory import row

EPCI = "200000001"


def attacked(observatory, rows, *, processes=1):
    observatory.receive("ore_consumption", rows)
    observatory.build("consumption")
    with engine.opened() as opened:
        return attack_every_epci(
            opened,
            observatory.folders,
            read_edition(observatory.folders),
            on=date(2026, 11, 22),
            year=2023,
            processes=processes,
        )


def cell(territory, value, sector="residential", **more):
    status = {"status": "secret"} if value is None else {}
    return row(territory, value, sector=sector, energy="gas", **status, **more)


LONE = [
    cell("95001", 10.0),
    cell("95002", None),
    cell("95003", 30.0),
    cell(EPCI, 60.0, level="epci"),
]


@pytest.mark.parametrize("processes", [1, 2])
def test_a_lone_secret_commune_under_a_published_total_is_opened(observatory, processes):
    report = attacked(observatory, LONE, processes=processes)

    [one] = [attack for attack in report.attacks if attack.epci == EPCI]
    assert one.opened == ("95002 · residential · gas",)
    assert (report.secret, report.opened) == (1, 1)


def test_two_secret_communes_under_a_published_total_are_not(observatory):
    two = [*LONE[:2], cell("95003", None), LONE[3]]

    report = attacked(observatory, two)

    assert (report.secret, report.opened) == (2, 0)


def test_tables_that_contradict_themselves_conclude_nothing(observatory):
    report = attacked(observatory, [*LONE[:3], cell(EPCI, 20.0, level="epci")])

    [one] = [attack for attack in report.attacks if attack.epci == EPCI]
    assert one.contradicts
    assert one.opened == ()
