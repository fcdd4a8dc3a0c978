"""A household's name, phone and e-mail reach no log and no address; its words run nowhere."""

import logging
import re
from html import unescape
from urllib.parse import unquote

import pytest

from atre.config.logs import WithoutPersonalData
from atre.domain.agencies.enums import Role
from tests.support.whole import whole_agency
from tests.trust.crawling import pages_of, public_pages, signed_in

pytestmark = pytest.mark.django_db

NAME, PHONE, EMAIL, STREET = "Zéphirinette", "0698765432", "zeph@canari.example", "rue du Canari"
LINK = re.compile(r"(?:href|action|src|hx-[a-z]+)=\"([^\"]*)\"")


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def canary():
    return whole_agency(
        last_name=NAME, phone=PHONE, email=EMAIL, address_line=f"3 {STREET}", told="CanariDit"
    )


def words(text: str) -> list[str]:
    """The canary's words that a text holds, however they are written in an address."""
    plain = unquote(unescape(text)).replace(" ", "")
    forms = (NAME, "zephirinette", "Zephirinette", PHONE, PHONE[1:], EMAIL, "ruedu", "CanariDit")
    return [form for form in forms if form in plain]


def test_no_address_names_anyone(canary):
    pages = public_pages(canary)
    for member in canary.people.values():
        pages += pages_of(canary, member)
    linked = {
        link
        for page in pages
        for link in LINK.findall(page.text)
        if not link.startswith(("tel:", "mailto:"))
    }
    linked |= {page.answer.url for page in pages if 300 <= page.answer.status_code < 400}
    assert len(linked) > 50
    assert [link for link in linked if words(link)] == []


def test_searching_someone_leaves_no_name_in_an_address(canary):
    client = signed_in(canary.people[Role.ADVISER])
    answer = client.post("/dossiers/chercher/", {"text": NAME})
    assert answer.status_code == 302
    assert words(answer.url) == []


def test_nothing_that_the_code_logs_names_anyone(canary, caplog):
    caplog.set_level(logging.DEBUG)
    public_pages(canary)
    for member in canary.people.values():
        pages_of(canary, member)
    said = [record for record in caplog.records if record.name != "asyncio"]
    assert [record.getMessage() for record in said if words(record.getMessage())] == []


@pytest.mark.parametrize(
    "message",
    [
        "Not Found: /dossiers/?q=Zéphirinette",
        f"mail to {EMAIL} refused",
        f"call {PHONE} or +33 6 98 76 54 32",
        "Gone: /suivi/abcDEF-123/",
        "Gone: /suivi/abcDEF-123/accord/sharing/",
        "Gone: /invitation/abcDEF-123/",
        "Gone: /agenda/abcDEF-123.ics",
        "Bad Request: /compte/password/reset/key/3-abcDEF-123/",
    ],
)
def test_what_a_library_logs_is_masked(message):
    record = logging.LogRecord("x", logging.WARNING, "x", 1, message, None, None)
    assert WithoutPersonalData().filter(record)
    assert words(record.getMessage()) == []
    assert "abcDEF" not in record.getMessage()
    assert "[masqué]" in record.getMessage()


def test_a_traceback_is_masked_too():
    try:
        raise ValueError(f"duplicate key (email)=({EMAIL})")
    except ValueError as fault:
        record = logging.LogRecord(
            "x", logging.ERROR, "x", 1, "boom", None, (ValueError, fault, fault.__traceback__)
        )
    WithoutPersonalData().filter(record)
    assert EMAIL not in logging.Formatter().format(record)


PAYLOAD = '"><img src=x onerror=alert(1)>'


def test_what_people_type_is_text_on_every_page():
    whole = whole_agency(
        first_name=PAYLOAD,
        last_name=PAYLOAD,
        contact_preference=PAYLOAD,
        address_line=PAYLOAD,
        address_extra=PAYLOAD,
        landlord_name=PAYLOAD,
        told=PAYLOAD,
    )
    pages = public_pages(whole)
    for member in whole.people.values():
        pages += pages_of(whole, member)
    assert [page.path for page in pages if "<img src=x" in page.text] == []
    assert [page.path for page in pages if "&lt;img src=x" in page.text]
