"""A bare Django view that reads the same rows as the list of cases: what no page can beat."""

import os

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.support.floor_settings"
application = get_wsgi_application()


def rows(request: HttpRequest) -> HttpResponse:
    """Thirty newest cases of an agency, as text, under row-level security."""
    from atre.domain.agencies import isolation
    from atre.domain.households import listing
    from atre.domain.households.models import Case

    agency = int(request.GET.get("agency", 0))
    with isolation.reading(agency):
        page = listing.page_of(Case.objects.filter(agency_id=agency))
    return HttpResponse("\n".join(case.reference for case in page.cases))


urlpatterns = [path("", rows)]
