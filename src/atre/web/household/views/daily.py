"""Notes, tasks and files of a case."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError
from atre.domain.households import daily_selectors, files, uploads
from atre.domain.households.actions import attaching, noting, tasking
from atre.domain.households.models import Attachment, Task
from atre.web.access import screen
from atre.web.household import sections
from atre.web.household.case_page import case_context
from atre.web.household.forms import AttachmentForm, NoteForm, TaskForm, pick
from atre.web.household.lookup import case_or_404
from atre.web.household.refusals import form_page, show_refusal
from atre.web.private_files import private_file


@screen(right="case.income", writes=True)
@require_POST
def note_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Write a note from the case page; a refusal shows the page again with what was typed."""
    case = case_or_404(request, reference, right="case.income")
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            noting.add_note(by=request.membership, case=case, on=localdate(), **form.cleaned_data)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "La note est enregistrée.")
            return redirect("case_detail", reference=reference)
    context = case_context(by=request.membership, case=case, on=localdate())
    context |= {"note_form": form, "sections": sections.rendered_sections(request, case)}
    return render(request, "household/case.html", context, status=422)


@screen(right="case.income", writes=True)
def task_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Plan something to do for a case."""
    by = request.membership
    case = case_or_404(request, reference, right="case.income")
    form = TaskForm(request.POST or None, advisers=daily_selectors.advisers(by=by))
    if request.method == "POST" and form.is_valid():
        try:
            tasking.add_task(
                by=by,
                case=case,
                title=form.cleaned_data["title"],
                due_on=form.cleaned_data["due_on"],
                on=localdate(),
                assigned_to=pick(form.advisers, form.cleaned_data["assigned_to"]),
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "C’est noté : cela reviendra sur la page d’accueil à temps.")
            return redirect("case_detail", reference=reference)
    return form_page(request, "household/task.html", form, case=case)


@screen(right="case.income", writes=True)
@require_POST
def task_done(request: HttpRequest, task_id: int) -> HttpResponse:
    """Tick a task off, from the case page or from the home page."""
    try:
        task = daily_selectors.task_for(by=request.membership, task_id=task_id)
    except Task.DoesNotExist as absent:
        raise Http404 from absent
    tasking.complete_task(by=request.membership, task=task)
    messages.success(request, "C’est fait.")
    if task.case is None or request.POST.get("back") == "home":
        return redirect("home")
    return redirect("case_detail", reference=task.case.reference)


@screen(right="case.income", writes=True)
def attachment_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Attach a file. One too large is refused before it is read; the rest of the form stays."""
    case = case_or_404(request, reference, right="case.income")
    form = AttachmentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            uploads.check_size(upload.size)
            attaching.add_attachment(
                by=request.membership,
                case=case,
                kind=form.cleaned_data["kind"],
                name=form.cleaned_data["name"] or upload.name,
                content=upload.read(),
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "La pièce est dans le dossier.")
            return redirect("case_detail", reference=reference)
    return form_page(request, "household/attachment.html", form, case=case)


@screen(right="case.income")
def attachment_download(request: HttpRequest, reference: str, attachment_id: int) -> FileResponse:
    """Send a file to save, never to open inside our pages."""
    by = request.membership
    case = case_or_404(request, reference, right="case.income")
    try:
        row = daily_selectors.attachment_for(by=by, case=case, attachment_id=attachment_id)
        file = files.open_stored(agency_id=by.agency_id, sha256=row.sha256)
    except (Attachment.DoesNotExist, FileNotFoundError) as absent:
        raise Http404 from absent
    audit.log_read(by=by, case_id=case.pk, screen="attachment_download")
    return private_file(FileResponse(file, as_attachment=True, filename=row.name), row.content_type)
