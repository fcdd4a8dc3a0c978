"""What makes a build needed is seen without making one."""

import os
from datetime import UTC, datetime

import pytest

from atre.warehouse import freshness
from tests.support.observatory import NOW, SmallObservatory, row


@pytest.fixture
def built(observatory: SmallObservatory) -> SmallObservatory:
    observatory.receive("ore_consumption", [row("95001", 1.0)])
    observatory.build("consumption")
    freshness.remember(observatory.folders, now=NOW)
    return observatory


def test_nothing_is_to_be_done_after_a_build(built):
    assert freshness.is_current(built.folders, now=NOW)


def test_a_file_received_since_asks_for_a_build(built):
    built.receive("ore_consumption", [row("95001", 2.0)])

    assert not freshness.is_current(built.folders, now=NOW)


def test_a_table_lost_asks_for_a_build(built):
    for path in built.folders.marts.glob("consumption-*.parquet"):
        path.unlink()

    assert not freshness.is_current(built.folders, now=NOW)


def test_another_reference_asks_for_a_build(built):
    path = built.folders.reference / "communes-2026.parquet"
    os.utime(path, (1, 1))

    assert not freshness.is_current(built.folders, now=NOW)


def test_the_parameters_of_another_year_ask_for_a_build(built):
    assert not freshness.is_current(built.folders, now=datetime(2027, 1, 1, tzinfo=UTC))


def test_nothing_built_yet_is_not_current(observatory):
    assert not freshness.is_current(observatory.folders, now=NOW)
