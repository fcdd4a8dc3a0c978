"""Rows of a case named in an address; a foreign one and an absent one look alike."""

from datetime import date

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest

from atre.domain.households.models import Case
from atre.domain.support import selectors
from atre.domain.support.models import AidFile, FollowUp, Orientation
from atre.domain.support.selectors import MediationView


def orientation_or_404(request: HttpRequest, case: Case, pk: int) -> Orientation:
    try:
        return selectors.orientation_for(by=request.membership, case=case, pk=pk)
    except ObjectDoesNotExist as absent:
        raise Http404 from absent


def aid_or_404(request: HttpRequest, case: Case, pk: int) -> AidFile:
    try:
        return selectors.aid_for(by=request.membership, case=case, pk=pk)
    except ObjectDoesNotExist as absent:
        raise Http404 from absent


def mediation_or_404(request: HttpRequest, case: Case, pk: int, *, on: date) -> MediationView:
    try:
        return selectors.mediation_for(by=request.membership, case=case, pk=pk, on=on)
    except ObjectDoesNotExist as absent:
        raise Http404 from absent


def follow_up_or_404(request: HttpRequest, case: Case) -> FollowUp:
    found = selectors.follow_up_of(by=request.membership, case=case)
    if found is None:
        raise Http404
    return found
