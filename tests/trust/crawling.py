"""Opening every page a person may open, as a browser would."""

from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, HttpResponse
from django.test import Client

from atre.domain.agencies import permissions
from atre.domain.agencies.models import Membership
from tests.support.whole import Whole
from tests.trust import routes


@dataclass
class Page:
    """One answer; `text` is empty for a file."""

    name: str
    path: str
    answer: HttpResponse

    def __post_init__(self) -> None:
        let_go(self.answer)

    @property
    def is_html(self) -> bool:
        return self.answer.headers.get("Content-Type", "").startswith("text/html")

    @property
    def text(self) -> str:
        return self.answer.content.decode() if self.is_html else ""


def let_go(answer: HttpResponse) -> None:
    """Close the file that a download holds. (`answer.close()` would close the database too.)"""
    if isinstance(answer, FileResponse):
        for close in answer._resource_closers:
            close()


def signed_in(membership: Membership) -> Client:
    client = Client()
    client.force_login(membership.user)
    return client


def public_values(whole: Whole) -> dict[str, Any]:
    return {
        "token": whole.link,
        "kind": "processing",
        "slug": whole.values["programme"],
        "status": 404,
        # Figures are nobody's: any territory will do, built or not.
        "place": "commune",
        "code": "94052",
        "file": "chiffres.csv",
        "territory": "fr",
        "key": "population",
        "name": "communes",
    }


def public_pages(whole: Whole) -> list[Page]:
    """Pages without account, the household's private link included."""
    client, pages = Client(), []
    given = public_values(whole)
    for route in routes.all_routes():
        if route.access is None or route.right is not None or route.name is None:
            continue
        path = route.path({name: given[name] for name in route.kwargs})
        pages.append(Page(str(route), path, client.get(path)))
    return pages


def pages_of(whole: Whole, member: Membership) -> list[Page]:
    """Every page that this person may open, on the objects of their own agency."""
    client, pages = signed_in(member), []
    for route in routes.screens():
        values = routes.placed(route, whole)
        if values is None or not permissions.may(member, route.access.right):
            continue
        path = route.path(values)
        answer = client.get(path)
        if answer.status_code != 405:
            pages.append(Page(str(route), path, answer))
    return pages
