"""The OpenAPI document, the answers held against it, and the page made of it."""

import json
import re
from html import unescape

import jsonschema
import pytest
from django.test import Client

from tests.web.api.conftest import EPCI

ANSWERS = {
    "edition": {},
    "indicators": {},
    "indicators/consumption": {},
    "equivalents": {},
    "sources": {},
    "territories": {"kind": "com"},
    "territories/fr": {},
    "figures": {"indicator": "consumption", "territory": EPCI, "by": "sector,energy"},
    "source-rows": {"indicator": "consumption", "territory": EPCI},
    "commune-values": {"indicator": "consumption"},
}
OF_PATH = {
    "indicators/consumption": "indicators/{key}",
    "territories/fr": "territories/{territory}",
}


@pytest.fixture
def document(program) -> dict:
    return program.get("/api/v1/openapi.json").json()


def schema_of(document: dict, address: str, status: str) -> dict:
    said = document["paths"][f"/api/v1/{OF_PATH.get(address, address)}"]["get"]
    shape = said["responses"][status]["content"]["application/json"]["schema"]
    # OpenAPI 3.1 is JSON Schema 2020-12: a reference resolves in the whole document.
    return {**document, **shape, "$schema": "https://json-schema.org/draft/2020-12/schema"}


def test_every_address_is_in_the_document_once(document):
    assert document["openapi"] == "3.1.0"
    listed = {OF_PATH.get(one, one) for one in ANSWERS}
    assert set(document["paths"]) == {f"/api/v1/{one}" for one in listed}
    operations = [methods["get"]["operationId"] for methods in document["paths"].values()]
    assert len(set(operations)) == len(operations)
    assert "figures" in operations


@pytest.mark.parametrize("address", ANSWERS)
def test_an_answer_has_the_shape_that_is_promised(program, document, address):
    said = program.read(address, **ANSWERS[address])
    schema = schema_of(document, address, "200")
    jsonschema.Draft202012Validator(schema).validate(said)
    # A shape that takes anything would promise nothing.
    assert not jsonschema.Draft202012Validator(schema).is_valid({})


def test_a_refusal_has_the_shape_that_is_promised(program, document):
    said = program.get("/api/v1/figures", {"indicator": "x", "territory": "fr"})
    schema = schema_of(document, "figures", str(said.status_code))
    jsonschema.Draft202012Validator(schema).validate(said.json())


@pytest.mark.parametrize("address", ANSWERS)
def test_an_answer_has_no_number_that_json_has_not(program, address):
    text = program.get(f"/api/v1/{address}", ANSWERS[address]).content.decode()
    json.loads(text, parse_constant=pytest.fail)


@pytest.mark.django_db
def test_the_page_lists_each_address_and_its_examples_answer(program, document):
    page = Client().get("/api/v1/").text
    for address in document["paths"]:
        assert f"GET {address}</code>" in page
    examples = [unescape(one) for one in re.findall(r'href="(/api/v1/[^"]+)"', page)]
    assert len(examples) == len(document["paths"]) + 1
    assert {program.get(one).status_code for one in examples} == {200}


@pytest.mark.django_db
def test_the_page_needs_no_outside_asset_and_no_inline_script():
    answer = Client().get("/api/v1/")
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
    scripts = re.findall(r"<script\b([^>]*)>", answer.text)
    assert all("src=" in one or "nonce=" in one for one in scripts)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text.split("<footer")[0])
