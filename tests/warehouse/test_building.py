"""Builds that are resumed, repeated, refused or killed: what is served is always whole."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from atre.warehouse import building, closing
from atre.warehouse.building import NothingReceived
from atre.warehouse.closing import TotalsDiffer
from atre.warehouse.edition import NotBuilt, read_edition
from tests.support.observatory import row

ROOT = Path(__file__).resolve().parents[2]


def test_a_build_without_any_file_is_refused_in_a_sentence(observatory):
    with pytest.raises(NothingReceived):
        observatory.build("consumption")
    assert "./atre import" in NothingReceived.message_fr


def test_nothing_is_served_before_the_first_build(observatory):
    with pytest.raises(NotBuilt):
        read_edition(observatory.folders)


def test_a_build_that_changes_nothing_writes_nothing(observatory):
    observatory.receive("ore_consumption", [row("95001", 1.0)])
    first = observatory.build("consumption")
    before = {path: path.stat().st_mtime_ns for path in observatory.folders.marts.iterdir()}

    second = observatory.build("consumption")

    assert second == first
    assert {path: path.stat().st_mtime_ns for path in observatory.folders.marts.iterdir()} == before


def test_a_stopped_build_goes_on_with_what_it_had(observatory, monkeypatch):
    observatory.receive("ore_consumption", [row("95001", 1.0)])
    monkeypatch.setattr(building, "accounts", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        observatory.build("consumption")
    [staged] = observatory.folders.marts.glob("staged-*.parquet")
    written = staged.stat().st_mtime_ns
    monkeypatch.undo()

    observatory.build("consumption")

    assert staged.stat().st_mtime_ns == written


def test_the_edition_before_the_last_stays_for_pages_that_read_it(observatory):
    editions = []
    for value in (1.0, 2.0, 3.0):
        observatory.receive("ore_consumption", [row("95001", value)])
        editions.append(observatory.build("consumption"))

    kept = {path.name for path in observatory.folders.marts.glob("staged-*.parquet")}

    assert kept == {editions[1].staged, editions[2].staged}


def test_a_build_that_loses_a_row_is_not_served(observatory, monkeypatch):
    observatory.receive("ore_consumption", [row("95001", 1.0), row("95002", 2.0)])
    honest = building.staged

    def loses_a_row(*given, **more):
        rows = honest(*given, **more)
        return rows.filter(rows.territory != "95002")

    monkeypatch.setattr(building, "staged", loses_a_row)

    with pytest.raises(TotalsDiffer, match="consumption, 2023"):
        observatory.build("consumption")
    with pytest.raises(NotBuilt):
        read_edition(observatory.folders)


def test_the_accounts_say_what_became_of_each_row(observatory):
    observatory.receive("ore_consumption", [row("95001", 1.0), row("99999", 2.0)])
    observatory.receive("ore_consumption", [row("95001", 3.0)])

    first, second = observatory.build("consumption").accounts

    assert first.standings == {"superseded": 1, "outside": 1}
    assert second.standings == {"kept": 1}


def test_totals_closed_to_the_last_places_pass():
    closing._same(closing._Total(2, 2, 0.1 + 0.2), closing._Total(2, 2, 0.3), "ici")
    with pytest.raises(TotalsDiffer, match="ici"):
        closing._same(closing._Total(2, 2, 0.3), closing._Total(2, 2, 0.3001), "ici")


KILLED = """
import sys
from pathlib import Path
from tests.support.observatory import NOW
from atre.warehouse import building, engine
from atre.warehouse.folders import Folders
folders = Folders(Path(sys.argv[1]))
with engine.opened("", scratch=folders.scratch) as opened:
    building.build(opened, folders, now=NOW, progress=lambda line: print(line, flush=True))
"""


@pytest.mark.parametrize("at", ["Mise en forme", "Table : consommation", "Totaux"])
def test_a_build_killed_at_any_step_leaves_what_was_served(observatory, at):
    observatory.receive("ore_consumption", [row("95001", 1.0)])
    former = observatory.build("consumption")
    observatory.receive("ore_consumption", [row("95001", 2.0)])
    command = [sys.executable, "-W", "ignore", "-c", KILLED, str(observatory.folders.data)]
    path = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **path}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(at):
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL

    assert read_edition(observatory.folders).key == former.key
    observatory.build()
    [figure] = pq.read_table(
        observatory.folders.marts / read_edition(observatory.folders).marts["consumption"]
    )["value"].to_pylist()
    assert figure == 2000
    assert not list(observatory.folders.marts.glob(".*.draft"))
