"""Adjusting a programme: what it says, whom it takes, how its exits are judged."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from atre.domain.agencies import adjusting
from atre.domain.agencies.models import Programme
from atre.domain.errors import DomainError, StaleSave
from atre.web.access import screen
from atre.web.organisation.forms import ProgrammeForm
from atre.web.organisation.forms_exit import ExitTestForm
from atre.web.organisation.refusals import conflict_page, form_page, show_refusal


def programme_or_404(request: HttpRequest, slug: str) -> Programme:
    row = Programme.objects.filter(agency=request.agency, slug=slug).first()
    if row is None:
        raise Http404
    return row


@screen(right="programme.edit", writes=True)
def edit(request: HttpRequest, programme: str) -> HttpResponse:
    """Its presentation, the incomes it takes, its target and its dates."""
    row = programme_or_404(request, programme)
    form = ProgrammeForm(request.POST or None, programme=row)
    if request.method == "POST" and form.is_valid():
        try:
            adjusting.update_programme(programme=row, by=request.membership, **form.values())
        except StaleSave as stale:
            return programme_conflict(request, form, stale.current)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Le dispositif est à jour.")
            return redirect("settings")
    return form_page(request, "programme.html", form, programme=row)


@screen(right="programme.edit", writes=True)
def exit_test(request: HttpRequest, programme: str) -> HttpResponse:
    """The test of having left energy poverty, criterion by criterion."""
    row = programme_or_404(request, programme)
    form = ExitTestForm(request.POST or None, programme=row)
    if request.method == "POST" and form.is_valid():
        try:
            adjusting.set_exit_test(
                programme=row,
                by=request.membership,
                definition=form.definition(),
                seen=form.cleaned_data["seen"],
            )
        except StaleSave as stale:
            return programme_conflict(request, form, stale.current)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Le test de sortie est enregistré.")
            return redirect("programme_edit", programme=row.slug)
    return form_page(request, "exit_test.html", form, programme=row)


def programme_conflict(
    request: HttpRequest, form: ProgrammeForm | ExitTestForm, current: object
) -> HttpResponse:
    """Both versions of what the form shows of the programme."""
    assert isinstance(current, Programme)
    return conflict_page(request, form, type(form)(programme=current))
