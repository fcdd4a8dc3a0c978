"""What waits for this person today."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from atre.domain.agencies.enums import Role
from atre.web.access import screen
from atre.web.home.waiting import groups_for

READERS_OF_FIGURES = {Role.OBSERVER, Role.FEDERATION}


@screen(right="home.view")
def home(request: HttpRequest) -> HttpResponse:
    """The day's work, or the figures for those who only read figures."""
    if request.membership.role in READERS_OF_FIGURES:
        return redirect("steering")
    on = localdate()
    return render(
        request,
        "home/home.html",
        {"groups": groups_for(by=request.membership, on=on), "today": on},
    )
