"""The calendar feed: no account, a secret address."""

from django.http import Http404, HttpRequest, HttpResponse

from atre.domain.agencies import isolation
from atre.domain.visits.feed import feed, feed_owner
from atre.web.access import public_screen


@public_screen()
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """One person's visits as iCalendar."""
    owner = feed_owner(token=token)
    if owner is None:
        raise Http404
    with isolation.reading(owner.agency_id):
        content = feed(owner=owner)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="visites.ics"'
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
