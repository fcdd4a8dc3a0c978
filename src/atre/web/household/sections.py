"""What other rooms show on the case page. Each adds its line; the page knows nothing of them.

A section is left out for a person without its right. A template or a function that fails is a
fault to see, never a part of the page silently missing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from atre.domain.agencies.permissions import may
from atre.domain.households.models import Case
from atre.domain.households.timeline import Event
from atre.domain.support import timeline as support_timeline
from atre.web.support import sections as support
from atre.web.visit import sections as visits


@dataclass(frozen=True)
class Section:
    """`context(by=, case=)` gives the variables of `template` (plus `case`). The template draws
    one `<section class="panel" aria-labelledby=…>` with its `<h2>`."""

    right: str
    template: str
    context: Callable[..., dict[str, Any]]


# In the order of the story: visits, then orientations and support, then the year after.
SECTIONS: tuple[Section, ...] = (
    Section("visit.view", visits.TEMPLATE, visits.case_section),
    Section("support.write", support.SUPPORT_TEMPLATE, support.support_section),
    Section("follow_up.write", support.FOLLOW_UP_TEMPLATE, support.follow_up_section),
)

# Functions `(by=, case=) -> list[Event]` whose events join the story of the case.
EVENTS: tuple[Callable[..., list[Event]], ...] = (support_timeline.case_events,)


def rendered_sections(request: HttpRequest, case: Case) -> list[SafeString]:
    """The sections this person may see, drawn."""
    membership = request.membership
    return [
        render_to_string(
            section.template,
            {"case": case, **section.context(by=membership, case=case)},
            request=request,
        )
        for section in SECTIONS
        if may(membership, section.right)
    ]
