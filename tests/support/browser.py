"""Journeys in a real Chromium: the browser, a page as a French visitor has it, axe, screenshots."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from pytest_django.live_server_helper import LiveServer

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A French visitor's browser: date fields read day, month, year. Where the machine has no French
    # words for Chromium, the fields still follow the page's own language.
    "--lang=fr-FR",
    "--enable-blink-features=LangAttributeAwareFormControlUI",
]
SCREENSHOTS = Path(tempfile.gettempdir()) / "atre-screenshots"
TIMEOUT_MS = 10_000


def chromium() -> str | None:
    """The Chromium of this machine. Playwright's own is never downloaded."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    # Playwright's synchronous interface runs an event loop in this thread, where Django would
    # refuse the database calls of the test itself; nothing here is asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        yield driver
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.fail("Chromium n'est pas installé (Debian : chromium).")
    opened = playwright_driver.chromium.launch(executable_path=path, args=FLAGS)
    yield opened
    opened.close()


@pytest.fixture
def new_person(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Opens a browser session of its own for each person of a journey.

    `new_person(width=320)` gives a Page whose relative addresses are those of the live server.
    Other arguments go to Playwright's new_context.
    """
    contexts: list[BrowserContext] = []

    def open_session(*, width: int = 1280, height: int = 900, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            viewport={"width": width, "height": height},
            **options,
        )
        context.set_default_timeout(TIMEOUT_MS)
        contexts.append(context)
        return context.new_page()

    yield open_session
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_person: Callable[..., Page]) -> Page:
    """One person's page, for a journey with one actor."""
    return new_person()


def axe(page: Page, *, rules_off: tuple[str, ...] = ()) -> None:
    """Asserts that axe finds no violation in the page as it stands."""
    # What passed needs no description, node by node: only violations are read.
    options = {
        "resultTypes": ["violations"],
        "rules": {rule: {"enabled": False} for rule in rules_off},
    }
    results = Axe().run(page, options=options)
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"


def screenshot(page: Page, name: str) -> Path:
    """Saves the whole page as a PNG outside the checkout and the data folder; returns its path."""
    SCREENSHOTS.mkdir(exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    # Hiding the caret writes a style on each field, which htmx then copies against our policy.
    page.screenshot(path=path, full_page=True, caret="initial")
    return path
