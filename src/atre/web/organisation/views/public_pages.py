"""What Âtre owes everyone: how accessible it is, and what becomes of personal data."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from atre.web.access import public_screen


@public_screen()
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "organisation/accessibility.html")


@public_screen()
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "organisation/privacy.html")
