"""Photos taken at the home, and the report: made, downloaded, handed over."""

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from atre.documents.from_visit import visit_report_pdf
from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError
from atre.domain.households import files, uploads
from atre.domain.households.enums import AttachmentKind
from atre.domain.households.models import Case
from atre.domain.visits.actions.photographing import add_visit_photo, visit_photos
from atre.domain.visits.actions.reporting import hand_over_report, store_report
from atre.domain.visits.enums import VisitState
from atre.domain.visits.models import VisitReport
from atre.domain.visits.selectors import current_visit, open_report, report_for
from atre.web.access import screen
from atre.web.design.widgets import DateInput
from atre.web.household.lookup import case_or_404
from atre.web.household.refusals import form_page, show_refusal
from atre.web.private_files import private_file

SHOWS = [(AttachmentKind.PHOTO, "Le logement"), (AttachmentKind.BILL, "Une facture")]


class PhotoForm(forms.Form):
    """A photo from the telephone or the tablet."""

    file = forms.FileField(
        label="Photo",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,.pdf"}),
    )
    kind = forms.ChoiceField(label="Elle montre", choices=SHOWS, widget=forms.RadioSelect)


class HandOverForm(forms.Form):
    """The day the household received its report."""

    on = forms.DateField(label="Remis le", widget=DateInput())
    revision = forms.IntegerField(widget=forms.HiddenInput())


@screen(right="visit.write", writes=True)
def visit_photo(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a photo of the dwelling or of a bill."""
    by = request.membership
    case = case_or_404(request, reference, right="visit.write")
    form = PhotoForm(request.POST or None, request.FILES or None, initial={"kind": "photo"})
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            uploads.check_size(upload.size)
            add_visit_photo(
                by=by,
                case=case,
                kind=AttachmentKind(form.cleaned_data["kind"]),
                name=upload.name,
                content=upload.read(),
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "La photo est dans le dossier.")
            return redirect("visit_photo", reference=reference)
    return form_page(
        request, "visit/photo.html", form, case=case, photos=visit_photos(by=by, case=case)
    )


@screen(right="visit.write")
def visit_photo_file(request: HttpRequest, reference: str, photo_id: int) -> FileResponse:
    """One's own photo, to save."""
    by = request.membership
    case = case_or_404(request, reference, right="visit.write")
    row = next((r for r in visit_photos(by=by, case=case) if r.pk == photo_id), None)
    if row is None:
        raise Http404
    try:
        file = files.open_stored(agency_id=by.agency_id, sha256=row.sha256)
    except FileNotFoundError as gone:
        raise Http404 from gone
    audit.log_read(by=by, case_id=case.pk, screen="visit_photo_file")
    response = FileResponse(file, as_attachment=True, filename=row.name)
    return private_file(response, row.content_type)


@screen(right="visit.view", writes=True)
@require_POST
def report_make(request: HttpRequest, reference: str) -> HttpResponse:
    """Make the PDF of a finished visit."""
    by = request.membership
    case = case_or_404(request, reference, right="visit.view")
    visit = current_visit(by=by, case=case)
    if visit is None or visit.state != VisitState.SEALED:
        raise Http404
    pdf = visit_report_pdf(case=case, visit=visit, issued_on=timezone.localdate())
    store_report(by=by, visit=visit, pdf=pdf)
    messages.success(request, "Le compte rendu est prêt : relisez-le, puis remettez-le.")
    return redirect("visit", reference=reference)


@screen(right="visit.view")
def report_download(request: HttpRequest, reference: str, report_id: int) -> FileResponse:
    """The PDF, to save."""
    case = case_or_404(request, reference, right="visit.view")
    report = _report_or_404(request, case, report_id)
    try:
        file = open_report(report=report)
    except FileNotFoundError as gone:
        raise Http404 from gone
    audit.log_read(by=request.membership, case_id=case.pk, screen="report_download")
    name = f"compte-rendu-{case.reference}.pdf"
    return private_file(FileResponse(file, as_attachment=True, filename=name), "application/pdf")


@screen(right="visit.view", writes=True)
def report_hand_over(request: HttpRequest, reference: str, report_id: int) -> HttpResponse:
    """Say when the household received its report; it is then on its private link."""
    case = case_or_404(request, reference, right="visit.view")
    report = _report_or_404(request, case, report_id)
    form = HandOverForm(
        request.POST or None,
        initial={"on": timezone.localdate(), "revision": case.revision},
    )
    if request.method == "POST" and form.is_valid():
        try:
            hand_over_report(by=request.membership, report=report, **form.cleaned_data)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "C’est noté. Le ménage le retrouve sur son lien personnel.")
            return redirect("case_detail", reference=reference)
    return form_page(request, "visit/hand_over.html", form, case=case, report=report)


def _report_or_404(request: HttpRequest, case: Case, report_id: int) -> VisitReport:
    try:
        report = report_for(by=request.membership, pk=report_id)
    except VisitReport.DoesNotExist as absent:
        raise Http404 from absent
    if report.visit.case_id != case.pk:
        raise Http404
    return report
