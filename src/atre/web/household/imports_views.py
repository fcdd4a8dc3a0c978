"""Taking over the cases of a file: send it, say what its columns are, check, run."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from atre.domain.agencies.models import Programme
from atre.domain.errors import DomainError
from atre.domain.households.importing import store, taking_over
from atre.domain.households.importing.columns import guess
from atre.domain.households.importing.store import Import
from atre.domain.privacy.periods import NOTICE
from atre.formats import outgoing
from atre.formats.case_table import UnreadableTable, sheet_names
from atre.web.access import screen
from atre.web.household.imports_forms import NEW, ColumnsForm, ImportFileForm, LaunchForm

RIGHT = "case.import"
MOST_SHOWN = 50


def waiting_or_404(request: HttpRequest, identifier: UUID) -> Import:
    try:
        return store.find(by=request.membership, identifier=identifier)
    except store.NoSuchImport as absent:
        raise Http404 from absent


@screen(right=RIGHT, writes=True)
def case_import(request: HttpRequest) -> HttpResponse:
    """Send a file. It is read at once, so that what cannot be read is said here."""
    programmes = Programme.objects.filter(agency=request.agency).order_by("name")
    form = ImportFileForm(request.POST or None, request.FILES or None, programmes=programmes)
    context = {"form": form, "waiting": store.waiting_files(by=request.membership)}
    if request.method != "POST":
        return render(request, "household/import_start.html", context)
    if form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            sheets = sheet_names(content)
            kept = store.keep(
                by=request.membership,
                content=content,
                filename=file.name,
                programme_id=form.chosen().pk,
                sheets=sheets,
            )
        except UnreadableTable as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("case_import_columns", identifier=kept.identifier)
    return render(request, "household/import_start.html", context, status=422)


@screen(right=RIGHT, writes=True)
def case_import_columns(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """Say what each column is; the sheet comes first when there are several."""
    waiting = waiting_or_404(request, identifier)
    if waiting.launched:
        return redirect("case_import_run", identifier=identifier)
    if (sheet := request.GET.get("sheet", "")) in waiting.sheets and sheet != waiting.sheet:
        waiting = replace(waiting, sheet=sheet, mapping={})
        store.save(waiting)
    try:
        table = taking_over.table_of(waiting)
    except UnreadableTable as refusal:
        return unreadable(request, waiting, refusal)
    form = ColumnsForm(
        request.POST or None, table=table, waiting=waiting, guessed=guess(table.headers)
    )
    if request.method == "POST" and form.is_valid():
        store.save(replace(waiting, mapping=form.mapping, consented_on=form.consented_on))
        return redirect("case_import_check", identifier=identifier)
    return render(
        request,
        "household/import_columns.html",
        {"form": form, "waiting": waiting, "lines": len(table.lines)},
        status=422 if form.errors else 200,
    )


def unreadable(request: HttpRequest, waiting: Import, refusal: UnreadableTable) -> HttpResponse:
    return render(
        request,
        "household/import_unreadable.html",
        {"waiting": waiting, "reason": str(refusal)},
        status=422,
    )


@screen(right=RIGHT, writes=True)
def case_import_check(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """What would happen, line by line, before anything is written."""
    waiting = waiting_or_404(request, identifier)
    if waiting.launched:
        return redirect("case_import_run", identifier=identifier)
    if not waiting.mapping:
        return redirect("case_import_columns", identifier=identifier)
    form = LaunchForm(request.POST or None)
    try:
        if request.method == "POST" and form.is_valid():
            taking_over.launch(
                by=request.membership,
                waiting=waiting,
                keep_doubles=form.cleaned_data["doubles"] == NEW,
                on=localdate(),
            )
            return redirect("case_import_run", identifier=identifier)
        trial = taking_over.try_out(by=request.membership, waiting=waiting, on=localdate())
    except UnreadableTable as refusal:
        return unreadable(request, waiting, refusal)
    except DomainError as refusal:
        messages.error(request, refusal.message_fr)
        return redirect("case_import_columns", identifier=identifier)
    return render(
        request,
        "household/import_check.html",
        {
            "form": form,
            "waiting": waiting,
            "trial": trial,
            "notice_days": NOTICE.days,
            "rejected_shown": trial.rejected[:MOST_SHOWN],
            "resembling_shown": trial.resembling[:MOST_SHOWN],
            "answers": {str(answer): count for answer, count in trial.answers.items()},
        },
    )


@screen(right=RIGHT, writes=True)
def case_import_run(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """How far the taking over is (GET); its next lines (POST). The page asks for them by itself."""
    waiting = waiting_or_404(request, identifier)
    if not waiting.launched:
        return redirect("case_import_check", identifier=identifier)
    refused = ""
    if request.method == "POST" and not waiting.is_finished:
        try:
            waiting = taking_over.take_over_batch(
                by=request.membership, waiting=waiting, on=localdate()
            )
        except (DomainError, UnreadableTable) as refusal:
            refused = str(refusal)
    context = run_context(waiting) | {"refused": refused}
    part = request.method == "POST" and bool(request.htmx)
    template = "household/import_progress.html" if part else "household/import_run.html"
    return render(request, template, context)


def run_context(waiting: Import) -> dict[str, Any]:
    done, total = waiting.progress.next_line, waiting.total_lines or 0
    return {
        "waiting": waiting,
        "progress": waiting.progress,
        "rejected_shown": waiting.progress.rejected[:MOST_SHOWN],
        "remaining": max(total - done, 0),
    }


@screen(right=RIGHT)
def case_import_rejects(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """The lines that were not taken, as they were, with the reason: to correct and send again."""
    waiting = waiting_or_404(request, identifier)
    headers, lines = taking_over.rejected_lines(waiting)
    content = outgoing.xlsx_bytes(headers, lines, sheet="Lignes non reprises")
    return HttpResponse(
        content,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={
            "Content-Disposition": 'attachment; filename="lignes-non-reprises.xlsx"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@screen(right=RIGHT, writes=True)
@require_POST
def case_import_forget(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """Erase the file before its week is over. Cases already taken over stay."""
    store.forget(waiting_or_404(request, identifier))
    messages.success(request, "Le fichier est effacé. Les dossiers déjà repris restent.")
    return redirect("case_import")
