"""Every route × every role × {own, a colleague's, another agency's} object.

The expected answer comes from the permissions table alone. A route that declares nothing, or
whose argument has no object here, fails.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from atre.domain.agencies import isolation, permissions
from atre.domain.agencies.actions import end_membership
from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import TenantModel
from atre.domain.agencies.permissions import Scope
from atre.domain.audit import actions as audit
from atre.domain.audit.models import AuditHead
from tests.support import world
from tests.support.whole import Whole, whole_agency
from tests.trust import routes
from tests.trust.crawling import let_go
from tests.trust.routes import Route

pytestmark = pytest.mark.django_db

# Pages of the login library: each asks for its own login or token, and none shows a household.
THIRD_PARTY = {
    "account_login": "the door",
    "account_logout": "asks before leaving",
    "account_inactive": "says that the account is closed",
    "account_reauthenticate": "asks for the password again; needs a session",
    "account_change_password": "one's own account; needs a session",
    "account_reset_password": "sends a link to the mailbox",
    "account_reset_password_done": "says that the message left",
    "account_reset_password_from_key": "behind a link used once",
    "account_reset_password_from_key_done": "says that the password changed",
    "mfa_index": "one's own account; needs a session",
    "mfa_authenticate": "second step of a login that has begun",
    "mfa_reauthenticate": "needs a session",
    "mfa_activate_totp": "one's own account; needs a session and the password again",
    "mfa_deactivate_totp": "one's own account; needs a session and the password again",
    "mfa_view_recovery_codes": "one's own account; needs a session and the password again",
    "mfa_generate_recovery_codes": "one's own account; needs a session and the password again",
    "mfa_download_recovery_codes": "one's own account; needs a session and the password again",
    "mfa_list_webauthn": "one's own account; needs a session",
    "mfa_add_webauthn": "one's own account; needs a session and the password again",
    "mfa_reauthenticate_webauthn": "needs a session",
    "mfa_remove_webauthn": "one's own key only",
    "mfa_edit_webauthn": "one's own key only",
    "mfa_login_webauthn": "the door, with a passkey",
}
# Routes of the library that answer 404: ours of the same address stands before them.
CLOSED = {
    "account_signup": "/compte/signup/",
    "account_email": "/compte/email/",
    "account_email_verification_sent": "/compte/confirm-email/",
    "account_confirm_email": "/compte/confirm-email/abc:def/",
    "account_set_password": "/compte/password/set/",
    "account_confirm_login_code": "/compte/login/code/confirm/",
}
# Screens that ask for more than their right's name: only those whom it gives the whole agency.
WHOLE_AGENCY_ONLY = {"case_new", "case_new_choice"}
# Roles whose right on cases reaches only some of their agency's.
NARROW = {Scope.OWN, Scope.ORGANISATION}


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    settings.DEMO = True


@dataclass
class Two:
    mine: Whole
    theirs: Whole


@pytest.fixture
def two() -> Two:
    theirs = whole_agency()
    return Two(mine=whole_agency(), theirs=theirs)


def browser(membership) -> Client:
    client = Client()
    client.force_login(membership.user)
    return client


def may_open(member, route: Route) -> bool:
    """What the permissions table says."""
    scope = permissions.scope(member, route.access.right)
    if route.name in WHOLE_AGENCY_ONLY:
        return scope is Scope.AGENCY
    return scope is not Scope.NONE


def methods(route: Route) -> list[str]:
    return ["get", "post"] if route.access.writes else ["get"]


class Traces:
    """What requests leave behind, counted table by table, in both agencies."""

    def __init__(self, two: Two) -> None:
        self.agencies = (two.mine.agency.pk, two.theirs.agency.pk)
        self.before = self.rows()

    def heads(self) -> list[tuple[int, str]]:
        return list(AuditHead.objects.order_by("pk").values_list("sequence", "digest"))

    def rows(self) -> dict[str, int]:
        models = [m for m in apps.get_models() if issubclass(m, TenantModel)]
        counts = {}
        for agency in self.agencies:
            with isolation.within(agency):
                for model in models:
                    rows = model._default_manager.filter(agency_id=agency)
                    counts[f"{model._meta.label} of {agency}"] = rows.count()
        return counts | {"journal": self.heads()}

    def changes(self) -> dict[str, object]:
        after = self.rows()
        return {name: count for name, count in after.items() if count != self.before[name]}


def answers(
    client: Client, paths: Iterator[tuple[Route, str]] | list[tuple[Route, str]], expected: set[int]
) -> list[str]:
    """One line for each answer that is not the expected one."""
    wrong = []
    for route, path in paths:
        for method in methods(route):
            answer = getattr(client, method)(path)
            let_go(answer)
            status = answer.status_code
            # A page that only takes forms refuses to be read before anything else.
            if status == 405 and method == "get" and route.access.writes:
                continue
            if status not in expected:
                wrong.append(f"{method.upper()} {route} {path}: {status}")
    return wrong


def test_every_route_declares_who_may_open_it():
    undeclared = [
        str(route)
        for route in routes.all_routes()
        if route.access is None and route.name not in {**THIRD_PARTY, **CLOSED}
    ]
    assert undeclared == []


def test_the_list_of_third_party_routes_has_no_leftover():
    existing = {route.name for route in routes.all_routes() if route.access is None}
    assert {*THIRD_PARTY, *CLOSED} - existing == set()


@pytest.mark.parametrize("path", CLOSED.values())
def test_a_closed_page_of_the_login_library_does_not_exist(path):
    assert Client().get(path).status_code == 404
    assert Client().post(path, {"email": "x@example.org"}).status_code == 404


def test_every_argument_of_every_screen_has_an_object(two):
    for route in routes.screens():
        routes.values_of(route, two.mine)


def own_paths(two: Two) -> list[tuple[Route, str]]:
    placed = [(route, routes.placed(route, two.mine)) for route in routes.screens()]
    return [(route, route.path(values)) for route, values in placed if values is not None]


def test_without_an_account_every_screen_leads_to_the_login_page(two):
    traces = Traces(two)
    client, wrong = Client(), []
    for route, path in own_paths(two):
        for method in methods(route):
            answer = getattr(client, method)(path)
            if answer.status_code != 302 or not answer.url.startswith("/compte/login/"):
                wrong.append(f"{method} {route}: {answer.status_code}")
    assert wrong == []
    assert traces.changes() == {}


def test_an_ended_membership_opens_nothing(two):
    leaver = two.mine.people[Role.ADVISER]
    client = browser(leaver)
    with isolation.within(two.mine.agency):
        end_membership(membership=leaver, by=two.mine.people[Role.DIRECTOR])
    traces = Traces(two)
    assert answers(client, own_paths(two), {403}) == []
    assert traces.changes() == {}


@pytest.mark.parametrize("role", Role)
def test_a_role_without_the_right_is_refused_and_leaves_no_trace(two, role):
    member = two.mine.people[role]
    refused = [(route, path) for route, path in own_paths(two) if not may_open(member, route)]
    assert refused or role is Role.DIRECTOR
    traces = Traces(two)
    assert answers(browser(member), refused, {403}) == []
    assert traces.changes() == {}


def foreign_paths(two: Two, member) -> list[tuple[Route, str]]:
    """Another agency's object at every address, and a foreign detail under one's own case."""
    found = []
    for route in routes.screens():
        foreign = routes.placed(route, two.theirs)
        if foreign is None or not routes.names_an_object(route):
            continue
        if not may_open(member, route):
            continue
        found.append((route, route.path(foreign)))
        if "reference" in foreign and len(routes.objects_named(route)) > 1:
            mixed = foreign | {"reference": routes.values_of(route, two.mine)["reference"]}
            found.append((route, route.path(mixed)))
    return found


def assert_foreign_objects_do_not_exist(two: Two, role: Role) -> None:
    member = two.mine.people[role]
    paths = foreign_paths(two, member)
    traces = Traces(two)
    wrong = answers(browser(member), paths, {404})
    assert wrong == [], "\n".join(wrong)
    assert traces.changes() == {}


@pytest.mark.parametrize("role", Role)
def test_another_agency_s_object_does_not_exist(two, role):
    assert_foreign_objects_do_not_exist(two, role)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.VISITOR])
def test_a_case_out_of_reach_in_one_s_own_agency_does_not_exist(two, role):
    member = two.mine.people[role]
    paths = []
    for route in routes.screens():
        scope = permissions.scope(member, route.access.right)
        if scope in NARROW and "reference" in route.kwargs:
            values = routes.values_of(route, two.mine) | {"reference": two.mine.aside.reference}
            paths.append((route, route.path(values)))
    assert paths
    traces = Traces(two)
    wrong = answers(browser(member), paths, {404})
    assert wrong == [], "\n".join(wrong)
    assert traces.changes() == {}


def test_a_referrer_does_not_see_a_colleague_s_request(two):
    colleague = world.member(two.mine.agency, Role.REFERRER)
    path = f"/mes-demandes/recu/{two.mine.referred.reference}/"
    assert browser(two.mine.people[Role.REFERRER]).get(path).status_code == 200
    assert browser(colleague).get(path).status_code == 404


# Own pages that rightly answer something else than a page: name → (statuses, why).
OWN_EXPECTED: dict[str, tuple[set[int], str]] = {
    "filter_delete": ({404, 405}, "a saved filter is its author's alone"),
    "visit_photo_file": ({200, 404}, "a photograph taken at the home is its author's alone"),
}


@pytest.mark.parametrize("role", Role)
def test_a_role_with_the_right_opens_its_own_pages(two, role):
    """The other half of the proof: the refusals above are not those of a broken page."""
    member = two.mine.people[role]
    client, wrong = browser(member), []
    for route, path in own_paths(two):
        if not may_open(member, route):
            continue
        expected, _ = OWN_EXPECTED.get(str(route), ({200, 302, 405}, ""))
        answer = client.get(path)
        let_go(answer)
        if answer.status_code not in expected:
            wrong.append(f"{route} {path}: {answer.status_code}")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.postgres
@pytest.mark.parametrize("role", [Role.ADVISER, Role.COORDINATOR, Role.VISITOR])
def test_row_security_alone_keeps_foreign_cases_apart(two, role, monkeypatch):
    """The filter of our selectors is taken away: PostgreSQL still shows no foreign case."""
    without_filter(monkeypatch)
    assert_foreign_objects_do_not_exist(two, role)


def without_filter(monkeypatch) -> None:
    """Drops `agency_id=…` and `agency=…` from every filter and get of the ORM."""
    from django.db.models.query import QuerySet

    for name in ("filter", "get"):
        original = getattr(QuerySet, name)

        def unfiltered(self, *args, _original=original, **kwargs):
            if issubclass(self.model, TenantModel):
                kwargs.pop("agency_id", None)
                kwargs.pop("agency", None)
            return _original(self, *args, **kwargs)

        monkeypatch.setattr(QuerySet, name, unfiltered)


def test_without_either_lock_a_foreign_case_would_be_seen(two, monkeypatch):
    """Shows that the two proofs above look where a leak would be."""
    if connection.vendor == "postgresql":
        # Noting the reading would be refused: it is written for the reader's own agency.
        monkeypatch.setattr(audit, "log_read", lambda **_: None)
        monkeypatch.setattr(isolation, "SET_CONTEXT", "SELECT %s::text")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('atre.agency', %s, true)", [str(two.theirs.agency.pk)]
            )
    without_filter(monkeypatch)
    path = f"/dossiers/{two.theirs.case.reference}/"
    assert browser(two.mine.people[Role.ADVISER]).get(path).status_code == 200
