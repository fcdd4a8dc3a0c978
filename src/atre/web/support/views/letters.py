"""Letters to those who can help: read over on the screen, then a PDF to sign and post."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.timezone import localdate

from atre.documents import from_partners, from_support
from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError
from atre.domain.households.enums import Difficulty
from atre.domain.households.models import Case
from atre.domain.network.selectors import proposable
from atre.domain.support.actions import sharing
from atre.domain.support.actions.saving import sealed_visit
from atre.domain.support.enums import AidKind
from atre.domain.visits.models import Visit
from atre.web.access import screen
from atre.web.household.lookup import case_or_404
from atre.web.household.refusals import form_page, show_refusal
from atre.web.private_files import private_file
from atre.web.support.forms_letters import FslForm, PartnerLetterForm, SocialWorkerForm
from atre.web.support.lookup import aid_or_404

TEMPLATE = "support/partner_letter.html"
NO_VISIT = "La lettre cite la visite : terminez-la d’abord."


@screen(right="support.write", writes=True)
def social_worker_letter(request: HttpRequest, reference: str) -> HttpResponse | FileResponse:
    """What the household's social worker is told, and asked."""
    case = case_or_404(request, reference, right="support.write")
    visit = sealed_visit(case)
    situation = [d.label for d in Difficulty if getattr(case, d.value)] + findings(visit)
    form = SocialWorkerForm(
        request.POST or None,
        **choices_of(request, case),
        initial={
            "place": from_support.usual_place(case),
            "situation": "\n".join(situation),
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            seen = seen_or_refused(visit)
            with noting_agreement(request, case, form):
                content = from_partners.social_worker_letter_pdf(
                    case=case,
                    visit=seen,
                    envelope=form.envelope(on=localdate()),
                    text=form.text(),
                    by=request.membership,
                )
        except DomainError as refusal:
            show_letter_refusal(form, refusal)
        else:
            return to_print(request, case, content, name="lettre-travailleur-social")
    return form_page(request, TEMPLATE, form, case=case, title="Écrire au travailleur social")


@screen(right="support.write", writes=True)
def aid_letter(request: HttpRequest, reference: str, pk: int) -> HttpResponse | FileResponse:
    """A letter in support of an aid asked of the housing fund."""
    case = case_or_404(request, reference, right="support.write")
    aid = aid_or_404(request, case, pk)
    if aid.kind != AidKind.FSL:
        raise Http404
    visit = sealed_visit(case)
    form = FslForm(
        request.POST or None,
        **choices_of(request, case),
        initial={
            "place": from_support.usual_place(case),
            "reasons": "\n".join(findings(visit)),
            **contract_in_arrears(visit),
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            seen = seen_or_refused(visit)
            with noting_agreement(request, case, form):
                content = from_partners.fsl_letter_pdf(
                    case=case,
                    visit=seen,
                    aid=aid,
                    envelope=form.envelope(on=localdate()),
                    text=form.text(),
                    by=request.membership,
                )
        except DomainError as refusal:
            show_letter_refusal(form, refusal)
        else:
            return to_print(request, case, content, name="soutien-fsl")
    return form_page(
        request, TEMPLATE, form, case=case, aid=aid, title="Soutenir la demande au FSL"
    )


def choices_of(request: HttpRequest, case: Case) -> dict[str, Any]:
    """The services one may write to, and those the household agreed to."""
    standing = sharing.standing_sharing(case)
    return {
        "services": proposable(by=request.membership, commune=case.dwelling.commune_id),
        "agreed": {partner.pk for partner in standing.partners.all()} if standing else set(),
    }


def findings(visit: Visit | None) -> list[str]:
    """What the visit saw, to start the letter from."""
    if visit is None:
        return []
    rows = visit.document["conclusion"]["findings"]
    return [row["sentence"] for row in rows if row["sentence"]]


def contract_in_arrears(visit: Visit | None) -> dict[str, Any]:
    """Energy, supplier and debt of the one contract seen in arrears; nothing when several are."""
    contracts = visit.document["contracts"] if visit is not None else []
    owing = [row for row in contracts if row["arrears_eur"] not in (None, "0")]
    if len(owing) != 1:
        return {}
    [row] = owing
    return {
        "energy": row["energy"] or "",
        "supplier": row["supplier"] or "",
        "debt_eur": row["arrears_eur"].replace(".", ","),
    }


def seen_or_refused(visit: Visit | None) -> Visit:
    if visit is None:
        raise DomainError(NO_VISIT)
    return visit


@contextmanager
def noting_agreement(request: HttpRequest, case: Case, form: PartnerLetterForm) -> Iterator[None]:
    """Both or neither: an agreement is not kept for a letter that was refused."""
    with transaction.atomic():
        if form.cleaned_data["agreed"]:
            sharing.record_sharing_consent(by=request.membership, case=case, service=form.chosen)
        yield


def show_letter_refusal(form: PartnerLetterForm, refusal: DomainError) -> None:
    if isinstance(refusal, from_partners.NotAgreed):
        form.add_error("agreed", refusal.message_fr)
    else:
        show_refusal(form, refusal)


def to_print(request: HttpRequest, case: Case, content: bytes, *, name: str) -> FileResponse:
    """The PDF to save, and the reading of the file in the journal."""
    audit.log_read(by=request.membership, case_id=case.pk, screen=name)
    response = FileResponse(
        BytesIO(content), as_attachment=True, filename=f"{name}-{case.reference}.pdf"
    )
    return private_file(response, "application/pdf")
