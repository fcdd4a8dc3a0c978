"""From a request to a question, the same for the page and for its downloads."""

from datetime import date
from typing import Any

from django.http import HttpRequest

from atre.domain.steering import question as asked
from atre.web.steering.forms import RestrictedForm, SteeringForm


def form_for(request: HttpRequest, data: Any, *, on: date) -> SteeringForm | RestrictedForm | None:
    """The form that this reader may fill; None when there is nothing to ask yet."""
    by = request.membership
    reader = asked.audience(by=by, on=on)
    schemes = asked.programmes(by=by)
    if not schemes:
        return None
    if not reader.restricted:
        communes = asked.communes(by=by, on=on)
        return SteeringForm(data, schemes=schemes, communes=communes, on=on)
    years = asked.published_years(schemes=schemes, on=on)
    if not years:
        return None
    return RestrictedForm(data, schemes=schemes, years=years, reader=reader, on=on)
