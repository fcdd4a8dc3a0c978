"""The tools that other tests stand on: the throw-away PostgreSQL, the browser, axe."""

from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page

from tests.support import browser, postgres


def test_the_throwaway_server_gives_a_plain_role_and_leaves_nothing():
    if postgres.binaries() is None:
        pytest.skip("PostgreSQL n'est pas installé")
    with postgres.throwaway_server() as server:
        with psycopg.connect(server.url) as connection:
            row = connection.execute(
                "SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles"
                " WHERE rolname = current_user"
            ).fetchone()
            data = connection.execute(
                "SELECT pg_catalog.pg_get_userbyid(datdba) FROM pg_database"
                " WHERE datname = current_database()"
            ).fetchone()
        with psycopg.connect(server.admin_url) as admin:
            (folder,) = admin.execute("SHOW data_directory").fetchone() or ("",)
            assert Path(folder).is_dir()
        url = server.url
    assert row == (False, False, True)
    assert data == ("atre",)
    assert not Path(folder).exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


def test_without_postgresql_the_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(postgres, "binaries", lambda: None)
    with (
        pytest.raises(postgres.PostgresUnavailable, match="postgresql"),
        postgres.throwaway_server(),
    ):
        pass


GOOD = "<!doctype html><html lang=fr><title>Page</title><main><h1>Bonjour</h1>{}</main></html>"


@pytest.mark.browser
def test_axe_accepts_a_sound_page_and_refuses_an_image_without_words(page: Page):
    page.set_content(GOOD.format("<p>Un texte.</p>"))
    browser.axe(page)
    page.set_content(GOOD.format("<img src='data:,'>"))
    with pytest.raises(AssertionError, match="image-alt"):
        browser.axe(page)


@pytest.mark.browser
def test_each_person_has_a_session_of_their_own_in_french(new_person):
    first, second = new_person(), new_person(width=320)
    assert first.context is not second.context
    assert first.evaluate("navigator.language") == "fr-FR"
    assert first.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == "Europe/Paris"
    assert second.evaluate("window.innerWidth") == 320


@pytest.mark.browser
def test_the_live_server_serves_the_bundled_stylesheet(page: Page):
    response = page.goto("/static/atre/atre.css")
    assert response is not None
    assert response.status == 200


@pytest.mark.browser
def test_a_screenshot_is_written_outside_the_checkout(page: Page):
    page.set_content(GOOD.format(""))
    path = browser.screenshot(page, "essai")
    assert path.read_bytes().startswith(b"\x89PNG")
    assert Path(__file__).parents[2] not in path.parents
