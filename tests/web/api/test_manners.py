"""How the API behaves with programs: unchanged answers, other sites, too many questions, refusals."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atre.warehouse.catalogue import CATALOGUE
from atre.web.api import figures, guard
from atre.web.api.contract import openapi
from tests.support import world
from tests.support.observatory import SmallObservatory, row
from tests.web.api.conftest import AINCOURT, EPCI, Program

ASKED = f"/api/v1/figures?indicator=consumption&territory={EPCI}"


def test_an_unchanged_answer_is_not_sent_again(program):
    first = program.get(ASKED)
    again = program.get(ASKED, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    since = program.get(ASKED, headers={"if-modified-since": first["Last-Modified"]})
    assert since.status_code == 304
    assert program.get(ASKED, headers={"if-none-match": '"another"'}).status_code == 200


def test_an_answer_names_its_own_address(program):
    first = program.get(ASKED)
    other = program.get(f"{ASKED}&years=2022", headers={"if-none-match": first["ETag"]})
    assert other.status_code == 200


def test_a_new_edition_is_a_new_answer(tmp_path, monkeypatch):
    observatory = SmallObservatory.at(tmp_path / "data")
    monkeypatch.setenv("ATRE_DATA_DIR", str(observatory.folders.data))
    program = Program()
    observatory.receive("ore_consumption", [row(AINCOURT, 31.0)])
    observatory.build("consumption")
    first = program.get(ASKED)
    observatory.receive("ore_consumption", [row(AINCOURT, 32.0)])
    observatory.build("consumption")
    again = program.get(ASKED, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    values = [answer.json()["figures"][0]["value"] for answer in (first, again)]
    assert values == [31_000.0, 32_000.0]
    assert program.get(f"{ASKED}&edition={first.json()['edition']}").status_code == 409


def test_a_file_received_since_is_a_new_answer(tmp_path, monkeypatch):
    observatory = SmallObservatory.at(tmp_path / "data")
    monkeypatch.setenv("ATRE_DATA_DIR", str(observatory.folders.data))
    observatory.receive("ore_consumption", [row(AINCOURT, 33.0)])
    observatory.build("consumption")
    first = Program().get("/api/v1/sources")
    observatory.receive("ore_consumption", [row(AINCOURT, 34.0)])
    again = Program().get("/api/v1/sources", headers={"if-none-match": first["ETag"]})
    assert [one["standings"] is None for one in again.json()["sources"]] == [False, True]


def test_head_gives_what_get_would_without_its_body(program):
    whole = program.get(ASKED)
    head = program.head(ASKED)
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == str(len(whole.content))
    assert head["ETag"] == whole["ETag"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_here(program, method):
    answer = getattr(program, method)(ASKED)
    assert (answer.status_code, answer.json()["error"]) == (405, "read_only")
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


def test_any_site_may_ask_here_and_nowhere_else(program):
    for address in (ASKED, "/api/v1/figures", "/api/v1/openapi.json", "/api/v1/nothing"):
        assert program.get(address)["Access-Control-Allow-Origin"] == "*"
    asked_first = program.options(ASKED)
    assert asked_first.status_code == 204
    assert "If-None-Match" in asked_first["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in asked_first
    assert "Access-Control-Allow-Origin" not in program.get("/style/")


def test_too_many_questions_are_slowed_down(program, monkeypatch):
    monkeypatch.setattr(guard.asked, "most", 2)
    assert [program.get("/api/v1/edition").status_code for _ in range(3)] == [200, 200, 429]
    last = program.get("/api/v1/edition")
    assert (last.json()["error"], last["Retry-After"]) == ("too_many_requests", "60")
    assert last["Access-Control-Allow-Origin"] == "*"


def test_before_the_first_build_it_says_what_to_do(nothing_built):
    assert Program().refusal("edition") == (404, "not_built", None)
    assert Client().get("/api/v1/openapi.json").status_code == 200


def test_an_unknown_address_is_refused_in_the_same_shape(program):
    assert program.refusal("nothing/here") == (404, "unknown_address", None)


def test_a_fault_of_ours_has_the_same_shape_and_says_nothing_of_it(program, monkeypatch, caplog):
    def broken(*args: object, **named: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(figures.gate, "released", broken)
    answer = program.get(ASKED)
    assert (answer.status_code, answer.json()["error"]) == (500, "our_fault")
    assert b"secret of ours" not in answer.content
    assert "RuntimeError" in caplog.text


@pytest.mark.django_db
def test_a_person_of_an_agency_reads_what_everybody_reads(served):
    open_to_all = Program().get(ASKED)
    client = Client()
    client.force_login(world.member(world.agency()).user)
    of_person = client.get(ASKED)
    assert of_person.content == open_to_all.content
    assert "cases_opened" not in client.get("/api/v1/indicators").text


NAMES = [*CATALOGUE, "x"]
PLACES = ["fr", "dep:95", EPCI, "com:95003", "com:75101", "set:95001-83001", "set:", "dep:", ":"]
CUTS = [
    "residential",
    "electricity",
    "solar",
    "sector",
    "sector,energy",
    "category",
    "sector,sector",
]
NUMBERS = st.one_of(st.integers(-5, 3000), st.integers()).map(str)
WORDS = st.one_of(
    st.sampled_from([*NAMES, *PLACES, *CUTS, "pci", "pcs", "2023", "2022,2023", "", ",", "NaN"]),
    NUMBERS,
    st.text(max_size=12),
)


RIGHT = {
    "indicator": st.sampled_from([*CATALOGUE]),
    "territory": st.sampled_from(["fr", "dep:95", EPCI, "com:95003", "set:95001-83001"]),
    "within": st.sampled_from(["fr", "dep:95", "com:95003"]),
    "limit": st.integers(1, 1000).map(str),
    "offset": st.integers(0, 9).map(str),
    "year": st.sampled_from(["2021", "2022", "2023"]),
    "years": st.sampled_from(["2021", "2022,2023"]),
    "by": st.sampled_from(["", "category"]),
    "basis": st.sampled_from(["pci", "pcs"]),
    "kind": st.sampled_from(["com", "epci", "dep"]),
    "q": st.text(max_size=3),
    "category": st.sampled_from(["municipal", "solar", "main"]),
}


def question(address: str) -> st.SearchStrategy[tuple[str, dict[str, str]]]:
    """Parameters of an address, most of them right, some missing."""
    said = openapi()["paths"][f"/api/v1/{address}"]["get"]["parameters"]
    # An edition that has changed is refused before all else: it has its own test.
    names = {one["name"]: bool(one.get("required")) for one in said if one["name"] != "edition"}
    values = {name: mostly(RIGHT.get(name, WORDS)) for name in names}
    required = {name: values[name] for name, needed in names.items() if needed}
    others = {name: values[name] for name, needed in names.items() if not needed}
    return st.fixed_dictionaries(required, optional=others).map(lambda asked: (address, asked))


def mostly(right: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.integers(0, 9).flatmap(lambda chance: WORDS if chance == 9 else right)


QUESTIONS = st.one_of(
    *(
        question(one)
        for one in ("figures", "source-rows", "commune-values", "territories", "sources")
    )
)


# The served folder does not change between two examples.
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(asked=QUESTIONS)
def test_no_question_breaks_it_or_opens_a_secret(program, asked):
    guard.asked.asked.clear()
    address, parameters = asked
    answer = program.get(f"/api/v1/{address}", parameters)
    said = answer.json()
    assert answer.status_code in {200, 404, 409, 422}
    if answer.status_code != 200:
        assert set(said) == {"error", "message", "parameter"}
        return
    for one in [*said.get("figures", []), *said.get("rows", [])]:
        if "secret" in (one.get("flag"), one.get("status")):
            assert one["value"] is None
    for flag, value in zip(said.get("flags", []), said.get("values", []), strict=True):
        assert flag != "secret" or value is None
