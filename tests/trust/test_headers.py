"""What every answer says to browsers, and what no page contains."""

import re
from decimal import Decimal

import pytest

from atre.domain.agencies.enums import Role
from tests.support.whole import whole_agency
from tests.trust.crawling import Page, pages_of, public_pages

pytestmark = pytest.mark.django_db

SCRIPT = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
OUTSIDE = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=\"(https?:)?//")
HANDLER = re.compile(r"<[^>]+\son[a-z]+\s*=", re.IGNORECASE)
STYLE = re.compile(r"<[^>]+\sstyle\s*=", re.IGNORECASE)

# The ground of the map: the same for everybody, and read in hundreds of pieces.
KEPT_BY_BROWSERS = {"observatory_tiles"}
# The map that an authority shows within its own pages; it holds nothing to click that acts.
FRAMED_BY_OTHERS = {"observatory_map_embed"}
# What the map's script draws: bytes of tiles, and JSON, which no browser shows as a page.
DRAWN_BY_THE_MAP = {"observatory_tiles", "observatory_reached_values"}


@pytest.fixture
def pages(settings) -> list[Page]:
    settings.DEMO = True
    whole = whole_agency()
    found = public_pages(whole)
    for member in whole.people.values():
        found += pages_of(whole, member)
    assert len(found) > 100
    return found


def where(pages: list[Page], is_wrong) -> list[str]:
    return sorted({f"{page.name} ({page.path})" for page in pages if is_wrong(page)})


def test_headers_and_contents_of_every_page(pages):
    """One crawl, many questions: building it is what costs."""
    html = [page for page in pages if page.is_html and page.answer.status_code == 200]
    policy = "Content-Security-Policy"
    assert where(pages, lambda p: p.answer.status_code >= 500) == []
    private = [page for page in pages if page.name not in KEPT_BY_BROWSERS]
    assert where(private, lambda p: "no-store" not in p.answer.headers["Cache-Control"]) == []
    assert where(pages, lambda p: p.answer.headers["X-Content-Type-Options"] != "nosniff") == []
    unframed = [page for page in pages if page.name not in FRAMED_BY_OTHERS]
    assert where(unframed, lambda p: p.answer.headers["X-Frame-Options"] != "DENY") == []
    assert where(pages, lambda p: "unsafe" in p.answer.headers[policy]) == []
    assert where(pages, lambda p: "default-src 'none'" not in p.answer.headers[policy]) == []
    assert where(html, lambda p: HANDLER.search(p.text)) == []
    assert where(html, lambda p: STYLE.search(p.text)) == []
    assert where(html, lambda p: OUTSIDE.search(p.text)) == []
    assert where(html, lambda p: inline_script_without_nonce(p.text)) == []


def inline_script_without_nonce(text: str) -> bool:
    return any("src=" not in tag and "nonce=" not in tag for tag in SCRIPT.findall(text))


def test_files_are_saved_and_never_shown(pages):
    files = [page for page in pages if page.answer.status_code == 200 and not page.is_html]
    names = {page.name for page in files}
    assert {"attachment_download", "report_download"} <= names
    saved = [page for page in files if page.name not in DRAWN_BY_THE_MAP]
    assert where(saved, lambda p: not is_attached(p)) == []
    assert where(files, lambda p: p.answer.headers["X-Content-Type-Options"] != "nosniff") == []


def is_attached(page: Page) -> bool:
    return page.answer.headers.get("Content-Disposition", "").startswith("attachment")


def test_an_observer_reads_no_name_and_no_partner_reads_income_or_notes(settings):
    settings.DEMO = True
    whole = whole_agency(rfr_eur=Decimal("18437"), last_name="Zéphirinette")
    seen = {role: "".join(p.text for p in pages_of(whole, m)) for role, m in whole.people.items()}
    for figure in ("18437", "18 437", "18\u202f437", "18\u00a0437"):
        for role in (Role.COORDINATOR, Role.VISITOR, Role.REFERRER, Role.OBSERVER):
            assert figure not in seen[role], (role, figure)
    for role in set(Role) - {Role.DIRECTOR, Role.ADVISER}:
        assert "Une note de l’équipe." not in seen[role], role
    for role in (Role.OBSERVER, Role.FEDERATION):
        assert "Zéphirinette" not in seen[role], role
    assert "Une note de l’équipe." in seen[Role.ADVISER]
    assert "Zéphirinette" in seen[Role.VISITOR]
