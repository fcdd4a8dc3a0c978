"""The inbox of a partner service: households directed to it, and its answers."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError
from atre.domain.support import received
from atre.domain.support.actions import orienting
from atre.domain.support.enums import OrientationState
from atre.domain.support.models import Orientation
from atre.domain.support.orientation_states import UNANSWERED, possible_answers
from atre.web.access import screen
from atre.web.household.refusals import show_refusal
from atre.web.support.forms import AnswerForm
from atre.web.support.sections import ORIENTATION_TONES

RIGHT = "orientation.answer"


@screen(right=RIGHT)
def orientation_inbox(request: HttpRequest) -> HttpResponse:
    """What was sent to the person's service. Names show once opened, which proves receipt."""
    on = localdate()
    rows = [
        {
            "line": line,
            "label": OrientationState(line.state).label,
            "tone": ORIENTATION_TONES[OrientationState(line.state)],
            "late": line.state in UNANSWERED and line.answer_due_on < on,
        }
        for line in received.inbox(by=request.membership)
    ]
    return render(request, "network/inbox.html", {"rows": rows})


@screen(right=RIGHT, writes=True)
def orientation_received(request: HttpRequest, pk: int) -> HttpResponse:
    """One household to help: who to call, what for. Opening it marks it received."""
    by = request.membership
    try:
        row = received.orientation_to_answer(by=by, pk=pk)
    except Orientation.DoesNotExist as absent:
        raise Http404 from absent
    row = orienting.receive_orientation(by=by, orientation=row)
    form = AnswerForm(request.POST or None, state=row.state)
    if request.method == "POST" and form.is_valid():
        try:
            orienting.answer_orientation(by=by, orientation=row, **form.cleaned_data)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Merci. L’agence est prévenue de votre réponse.")
            return redirect("orientation_inbox")
    seen = received.received(by=by, pk=pk)
    if seen is None:
        raise Http404
    audit.log_read(by=by, case_id=row.case_id, screen="orientation_received")
    context = {
        "seen": seen,
        "label": OrientationState(seen.state).label,
        "tone": ORIENTATION_TONES[OrientationState(seen.state)],
        "form": form if possible_answers(seen.state) else None,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "network/received.html", context, status=status)
