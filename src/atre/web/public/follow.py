"""The household's private link: its own case, and what it may take back.

The address holds the secret: nothing here is cached, indexed, or named to another site.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from atre.domain.households.actions.consenting import BY_LINK, withdraw_consent
from atre.domain.households.actions.linking import renew_link
from atre.domain.households.consent_texts import consent_text
from atre.domain.households.enums import CaseState, ConsentKind
from atre.domain.households.files import open_stored
from atre.domain.households.following import (
    FollowedCase,
    LinkExpired,
    LinkUnknown,
    followed,
    handed_over_report,
    opened_by_link,
)
from atre.web.access import public_screen
from atre.web.public import story
from atre.web.public.forms import NewLinkForm
from atre.web.throttle import too_many

# Enough for someone who mistypes; a machine trying references gets nowhere.
MOST_NEW_LINKS = 6
# Two hundred and fifty-six bits cannot be guessed; this only spares the server the attempts.
MOST_UNKNOWN_LINKS = 60
WINDOW_SECONDS = 60 * 60

NO_FILE = "Ce lien n’ouvre pas de dossier"

View = Callable[..., HttpResponseBase]


def behind_link(view: View) -> View:
    """Answers for links that open nothing, and keeps the address from travelling."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **kwargs: str) -> HttpResponseBase:
        try:
            response = view(request, token, **kwargs)
        except LinkUnknown as refusal:
            many = too_many(
                request, action="unknown_link", most=MOST_UNKNOWN_LINKS, seconds=WINDOW_SECONDS
            )
            response = no_file(request, refusal.message_fr, 429 if many else 404)
        except LinkExpired as refusal:
            response = no_file(request, refusal.message_fr, HTTPStatus.GONE, agency=refusal.agency)
        response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return guarded


def no_file(
    request: HttpRequest, sentence: str, status: int, *, heading: str = NO_FILE, agency: Any = None
) -> HttpResponse:
    # No form here: this page names no referrer, and its form would be refused (see `withdraw`).
    page = {"sentence": sentence, "heading": heading, "agency": agency}
    return render(request, "public/no_file.html", page, status=status)


@public_screen()
@behind_link
def followed_case(request: HttpRequest, token: str) -> HttpResponse:
    """The story of the case: what happened, what comes, who to call, who read it."""
    with opened_by_link(token) as case:
        return render(
            request, "public/follow.html", page_of(followed(case=case)) | {"token": token}
        )


def page_of(found: FollowedCase) -> dict[str, object]:
    title, sentence = story.comes_next(found)
    programme = found.case.programme
    return {
        "found": found,
        "case": found.case,
        "programme": programme,
        "agency": programme.agency,
        "told": story.told(found),
        "next_title": title,
        "next_sentence": sentence,
        "agreements": [
            {
                "kind": agreement.kind,
                "title": story.AGREEMENT_TITLES[agreement.kind],
                "agreement": agreement,
                "text": consent_text(
                    programme=programme, kind=agreement.kind, version=agreement.text_version
                ),
            }
            for agreement in found.agreements
        ],
    }


@public_screen()
@behind_link
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """The proof that the request arrived, to print, photograph or keep as a bookmark."""
    with opened_by_link(token) as case:
        address = request.build_absolute_uri(f"/suivi/{token}/")
        context = {
            "case": case,
            "programme": case.programme,
            "agency": case.programme.agency,
            "address": address,
            "token": token,
            "next": story.NEXT[CaseState(case.state)],
        }
        return render(request, "public/receipt.html", context)


@public_screen(writes=True)
@behind_link
def withdraw(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """GET says what taking an agreement back changes; POST takes it back."""
    if kind not in ConsentKind.values:
        raise Http404
    with opened_by_link(token) as case:
        if request.method == "POST":
            withdraw_consent(case=case, kind=ConsentKind(kind), by=None, channel=BY_LINK)
            return redirect("public_follow", token=token)
        context = {
            "case": case,
            "agency": case.programme.agency,
            "token": token,
            "title": story.AGREEMENT_TITLES[ConsentKind(kind)],
            "meaning": story.WITHDRAWING[ConsentKind(kind)],
        }
        response = render(request, "public/withdraw.html", context)
    # A page that names no referrer sends its form with the origin « null », which the protection
    # against forged forms refuses. The address still stays on this site.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@public_screen()
@behind_link
def report(request: HttpRequest, token: str) -> HttpResponse | FileResponse:
    """The visit report, once it was handed over."""
    with opened_by_link(token) as case:
        found = handed_over_report(case=case)
        if found is None:
            return no_file(
                request,
                "La visite n’a pas eu lieu, ou son compte rendu ne vous a pas encore été remis.",
                HTTPStatus.NOT_FOUND,
                heading="Pas encore de compte rendu",
                agency=case.programme.agency,
            )
        return FileResponse(
            open_stored(agency_id=found.agency_id, sha256=found.sha256),
            as_attachment=True,
            filename=f"compte-rendu-{case.reference}.pdf",
            content_type="application/pdf",
        )


@public_screen(writes=True)
def new_link(request: HttpRequest) -> HttpResponse:
    """Ask for a new link. The answer is the same whether the file exists or not."""
    form = NewLinkForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = HTTPStatus.OK if request.method != "POST" else HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "public/new_link.html", {"form": form}, status=status)
    if too_many(request, action="new_link", most=MOST_NEW_LINKS, seconds=WINDOW_SECONDS):
        form.add_error(
            None, "Trop d’essais viennent de cette connexion. Patientez une heure puis recommencez."
        )
        return render(request, "public/new_link.html", {"form": form}, status=429)
    renew_link(reference=form.cleaned_data["reference"], email=form.cleaned_data["email"])
    return render(request, "public/new_link_asked.html")
