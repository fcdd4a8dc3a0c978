"""In a real browser: no axe violation, no sideways scroll at 320 px, and no need for a script."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = ["/style/", "/style/erreur/404/", "/compte/login/", "/compte/password/reset/"]


@pytest.fixture(autouse=True)
def demonstration(settings):
    settings.DEMO = True


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", PAGES)
def test_pages_hold_at_every_width(new_person, path, width):
    page = new_person(width=width)

    page.goto(path)

    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_date_is_typed_as_french_people_write_it(page):
    page.goto("/style/")
    field = page.locator("input[type=date]").first

    field.press_sequentially("12032026")

    assert field.input_value() == "2026-03-12"


def test_targets_are_large_enough(page):
    page.goto("/style/")

    small = page.evaluate(
        """[...document.querySelectorAll('main .btn, main summary, main input:not([type=hidden]), main select')]
        .filter(e => e.checkVisibility())
        .map(e => [e.outerHTML.slice(0, 60), e.getBoundingClientRect()])
        .filter(([, box]) => box.height < 24 || box.width < 24).map(([html]) => html)"""
    )

    assert small == []


def test_the_text_is_set_in_our_typeface(page):
    page.goto("/style/")

    assert page.evaluate(
        "document.fonts.ready.then(() => document.fonts.check('18px \"Atkinson Hyperlegible Next Variable\"'))"
    )
    assert page.evaluate("[...document.fonts].some(font => font.status === 'loaded')")


def test_a_commune_is_chosen_with_the_keyboard(page):
    page.goto("/style/")
    field = page.locator("#id_empty-commune")

    field.press_sequentially("montr")
    expect(page.locator("#id_empty-commune-options [role=option]")).to_have_count(2)
    field.press("ArrowDown")
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "id_empty-commune-options-1")
    axe(page)
    field.press("Enter")

    expect(field).to_have_value("Montreuil-sur-Mer")
    expect(page.locator("[name=empty-commune_code]")).to_have_value("62588")
    expect(page.locator("#id_empty-commune-options")).to_be_hidden()


def test_typing_again_forgets_the_chosen_commune(page):
    page.goto("/style/")
    field = page.locator("#id_empty-commune")
    field.press_sequentially("bagn")
    page.locator("#id_empty-commune-options [role=option]").first.click()
    expect(page.locator("[name=empty-commune_code]")).to_have_value("93006")

    field.press_sequentially("x")

    expect(page.locator("[name=empty-commune_code]")).to_have_value("")


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(page):
    page.goto("/style/")

    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_role("link", name="Adresse e-mail").click()

    expect(page.locator("#id_refused-email")).to_be_focused()


def test_a_confirmation_opens_as_a_dialog_and_gives_the_focus_back(page):
    page.goto("/style/")

    page.get_by_role("button", name="Clore le dossier").click()
    expect(page.get_by_role("dialog", name="Clore ce dossier ?")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Clore le dossier")).to_be_focused()


def test_without_script_the_confirmation_opens_in_place(new_person):
    page = new_person(java_script_enabled=False)
    page.goto("/style/")

    page.locator("summary", has_text="Clore le dossier").click()

    expect(page.get_by_role("button", name="Clore", exact=True)).to_be_visible()


@pytest.mark.parametrize(("attribute", "sent_times"), [("", 1), ("data-allow-resend", 2)])
def test_a_form_clicked_twice_is_sent_once_unless_it_allows_more(new_person, attribute, sent_times):
    # The answers go to a frame, so that the page stays and can be clicked again; its own policy
    # would refuse that frame.
    page = new_person(bypass_csp=True)
    page.goto("/compte/password/reset/")
    page.fill("[name=email]", "nadia@exemple.invalid")
    page.evaluate(
        """attribute => {
            document.body.insertAdjacentHTML("beforeend", "<iframe name='answers'></iframe>");
            const form = document.querySelector("main form");
            form.target = "answers";
            if (attribute) form.setAttribute(attribute, "");
        }""",
        attribute,
    )
    sent = []
    page.on("request", lambda request: sent.append(request.method))

    page.evaluate(
        """async () => {
            const button = document.querySelector("main form [type=submit]");
            for (let click = 0; click < 2; click += 1) {
                button.click();
                await new Promise(resolve => setTimeout(resolve, 400));
            }
        }"""
    )

    assert sent.count("POST") == sent_times
    waiting = page.get_by_role("button", name="Envoi…", disabled=True)
    assert waiting.count() == (0 if attribute else 1)


def test_no_page_breaks_its_own_security_policy(page):
    refused = []
    page.on(
        "console",
        lambda message: (
            refused.append(message.text) if "Content Security" in message.text else None
        ),
    )

    for path in PAGES:
        page.goto(path)

    assert refused == []
