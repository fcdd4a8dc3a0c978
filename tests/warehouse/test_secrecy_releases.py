"""What is published is attacked first, with all that is out already; refused or out, it is written."""

import json
from datetime import UTC, date, datetime

import numpy as np
import pytest

from atre.calc.errors import RefusedInput
from atre.calc.secrecy.rules import Population
from atre.warehouse.folders import Folders
from atre.warehouse.secrecy.ledger import BrokenLedger, Outcome, entries, releases_folder
from atre.warehouse.secrecy.releasing import Request, ask
from atre.warehouse.secrecy.table_sets import read_table_set

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HEAD = "commune;énergie;valeur;contributeurs;publier\n"
CELLS = """Aulnes;gaz;400;40;oui
Aulnes;bois;72;6;non
Aulnes;total;472;46;oui
Brières;gaz;560;55;oui
Brières;bois;210;20;oui
Brières;total;770;75;oui
Chênaie;gaz;310;30;oui
Chênaie;bois;260;25;oui
Chênaie;total;570;55;oui
total;gaz;1270;125;oui
total;bois;542;51;oui
total;total;1812;176;oui
"""
# Chênaie and the gas of Aulnes go with the wood of Aulnes: each total keeps two unknowns.
CLOSED = (
    CELLS.replace("Aulnes;gaz;400;40;oui", "Aulnes;gaz;400;40;non")
    .replace("Chênaie;gaz;310;30;oui", "Chênaie;gaz;310;30;non")
    .replace("Chênaie;bois;260;25;oui", "Chênaie;bois;260;25;non")
)
CANTON = """Aulnes;bois;72;6;non
Brières;bois;210;20;oui
total Pays d’Aulnes;bois;282;26;oui
"""


@pytest.fixture
def folders(tmp_path):
    return Folders(tmp_path)


def tables(*texts, above=lambda _: (), members=lambda _: 0):
    return read_table_set([HEAD + text for text in texts], "MWh 2023", above=above, members=members)


def request(name="Consommations 2023", **changes):
    values = {
        "name": name,
        "indicator": "MWh 2023",
        "asked_by": "Camille",
        "population": Population.HOUSEHOLDS,
        "on": date(2026, 11, 22),
        "width": 1.0,
    }
    return Request(**values | changes)


def asked(folders, text, **more):
    name = more.pop("name", "Consommations 2023")
    return ask(folders, tables(text), request(name), now=NOW, **more)


def test_primary_suppression_alone_is_refused_with_the_cell_and_the_attack(folders):
    answer = asked(folders, CELLS)

    assert answer.outcome is Outcome.REFUSED
    assert "Aulnes · energie bois » se recalcule exactement" in answer.why_fr
    assert "Aulnes · energie total » − « " in answer.why_fr
    assert "72" not in answer.why_fr


def test_the_same_tables_go_out_once_the_rectangle_is_closed(folders):
    answer = asked(folders, CLOSED)

    assert (answer.outcome, answer.why_fr) == (Outcome.RELEASED, "")
    assert [entry.outcome for entry in entries(folders)] == [Outcome.RELEASED]


def test_a_cell_of_too_few_households_does_not_go_out_by_itself(folders):
    answer = asked(folders, CELLS.replace("72;6;non", "72;6;oui"))

    assert answer.outcome is Outcome.REFUSED
    assert "ne se publie pas seule : trop peu de contributeurs" in answer.why_fr


def test_protecting_hides_what_must_be_and_no_more_than_needed(folders):
    answer = asked(folders, CELLS.replace("72;6;non", "72;6;oui"), protect=True)

    hidden = [str(answer.release.tables.cells[place]) for place in answer.complementary]
    assert answer.outcome is Outcome.RELEASED
    assert [str(answer.release.tables.cells[place]) for place in answer.primary] == [
        "MWh 2023 · commune Aulnes · energie bois"
    ]
    assert len(hidden) == 3


def test_a_later_table_that_opens_an_earlier_one_is_refused(folders):
    asked(folders, CLOSED)

    alone = asked(Folders(folders.data / "elsewhere"), CANTON.replace("72;6;non", "72;16;non"))
    answer = asked(folders, CANTON, name="Pays d’Aulnes")

    assert alone.outcome is Outcome.RELEASED
    assert answer.outcome is Outcome.REFUSED
    assert "total Pays d’Aulnes" in answer.why_fr
    assert "Consommations 2023" in answer.why_fr


def test_a_revised_value_of_a_published_cell_is_refused(folders):
    asked(folders, CLOSED)
    revised = (
        CLOSED.replace("Brières;gaz;560", "Brières;gaz;561")
        .replace("Brières;total;770", "Brières;total;771")
        .replace("total;gaz;1270", "total;gaz;1271")
        .replace("total;total;1812", "total;total;1813")
    )

    answer = asked(folders, revised, name="Révision")

    assert answer.outcome is Outcome.REFUSED
    assert "déjà été publiée avec une autre valeur" in answer.why_fr


def test_refused_requests_stay_in_the_ledger_and_bind_nobody(folders):
    asked(folders, CELLS)
    asked(folders, CLOSED)

    [refused, released] = entries(folders)
    assert (refused.outcome, refused.asked_by) == (Outcome.REFUSED, "Camille")
    assert "se recalcule" in refused.why_fr
    assert released.outcome is Outcome.RELEASED


def test_the_same_release_asked_twice_is_written_once(folders):
    asked(folders, CLOSED)
    again = asked(folders, CLOSED)

    assert again.outcome is Outcome.RELEASED
    assert again.entry is None
    assert len(entries(folders)) == 1


def test_asking_what_would_happen_writes_nothing(folders):
    answer = asked(folders, CELLS, keep=False)

    assert answer.outcome is Outcome.REFUSED
    assert entries(folders) == []


@pytest.mark.parametrize("change", ["rewritten", "removed"])
def test_a_ledger_that_was_tampered_with_lets_nothing_out(folders, change):
    asked(folders, CLOSED)
    asked(folders, CELLS)
    first, _ = sorted(releases_folder(folders).glob("*.json"))
    if change == "removed":
        first.unlink()
    else:
        written = json.loads(first.read_text())
        first.write_text(json.dumps(written | {"asked_by": "Autre"}))

    with pytest.raises(BrokenLedger, match=r"0000\d\d-"):
        asked(folders, CLOSED)


def test_hidden_values_are_for_the_server_alone(folders):
    asked(folders, CLOSED)

    [path] = releases_folder(folders).glob("*.json")
    assert path.stat().st_mode & 0o077 == 0


def test_a_dominated_cell_of_establishments_does_not_go_out(folders):
    text = (
        "secteur;valeur;contributeurs;plus_gros\n"
        "a;100;5;90\nb;100;5;40\nc;100;5;40\ntotal;300;15;90\n"
    )
    found = read_table_set([text], "kWh", above=lambda _: (), members=lambda _: 0)

    answer = ask(
        folders, found, request(population=Population.ESTABLISHMENTS, indicator="kWh"), now=NOW
    )

    assert "un contributeur fait presque tout" in answer.why_fr


def test_communes_add_up_to_their_epci_with_those_that_are_not_listed():
    text = "com:1;bois;20;12;oui\ncom:2;bois;30;15;oui\nepci:9;bois;90;60;oui\n"
    owner = {"com:1": ("epci:9",), "com:2": ("epci:9",)}

    found = tables(text, above=lambda name: owner.get(name, ()), members=lambda _: 3)

    rest = np.flatnonzero(~found.listed)
    assert found.tables.equation_fr(0).count("+") == 2
    assert found.values[rest].tolist() == [40.0]
    assert not found.wanted[rest].any()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a;gaz;1;20;oui\n", "Aucune ligne de total"),
        ("a;gaz;beaucoup;20;oui\n", "n’est pas un nombre"),
        ("a;gaz;1;20;oui\na;gaz;1;20;oui\n", "écrite deux fois"),
        ("a;gaz;1;20\n", "4 cases au lieu de 5"),
        ("a;gaz;1;20;oui\ntotal;gaz;1;20;oui\nb;bois;1;20;oui\n", "n’entre dans aucun total"),
    ],
)
def test_a_table_that_cannot_be_attacked_is_refused_in_a_sentence(text, said):
    with pytest.raises(RefusedInput, match=said):
        tables(text)


def test_a_total_that_is_not_its_parts_is_refused(folders):
    wrong = CLOSED.replace("total;total;1812", "total;total;1900")

    assert asked(folders, wrong).outcome is Outcome.REFUSED
