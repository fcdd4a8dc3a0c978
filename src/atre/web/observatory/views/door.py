"""The way in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from atre.web.access import public_screen


@public_screen()
def door(request: HttpRequest) -> HttpResponse:
    """Search a territory, or open one of one's own."""
    return render(request, "observatory/door.html", {})
