"""How to reach the agency, as households and letters say it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from atre.domain.agencies import adjusting
from atre.domain.agencies.models import Agency
from atre.domain.errors import DomainError, StaleSave
from atre.web.access import screen
from atre.web.organisation.forms import AgencyContactForm
from atre.web.organisation.refusals import conflict_page, form_page, show_refusal


@screen(right="people.manage", writes=True)
def contact(request: HttpRequest) -> HttpResponse:
    """Correct the agency's telephone, e-mail, site and address."""
    form = AgencyContactForm(request.POST or None, agency=request.agency)
    if request.method == "POST" and form.is_valid():
        try:
            adjusting.update_agency_contact(
                agency=request.agency, by=request.membership, **form.cleaned_data
            )
        except StaleSave as stale:
            return agency_conflict(request, form, stale.current)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Les coordonnées de l’agence sont à jour.")
            return redirect("settings")
    return form_page(request, "agency.html", form)


def agency_conflict(request: HttpRequest, form: AgencyContactForm, current: object) -> HttpResponse:
    """Both versions of the agency's contact."""
    assert isinstance(current, Agency)
    return conflict_page(request, form, AgencyContactForm(agency=current))
