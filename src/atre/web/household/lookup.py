"""Finding the case of an address; a foreign one and an absent one look alike."""

from django.http import Http404, HttpRequest

from atre.domain.households.models import Case
from atre.domain.households.selectors import case_for


def case_or_404(request: HttpRequest, reference: str, *, right: str) -> Case:
    """The case within reach of `right` for the person who asks."""
    try:
        return case_for(by=request.membership, reference=reference, right=right)
    except Case.DoesNotExist as absent:
        raise Http404 from absent
