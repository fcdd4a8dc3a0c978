"""The demonstration's own time: three years played in a minute, through the real actions.

Actions read the time from `django.utils.timezone.now`. While `playing` lasts, that function
answers with the moment of the story, so that journals, reminders and delays carry the dates they
would have had. Only the loader does this, alone in its process: nothing that serves people ever
imports this module.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest import mock

from django.utils import timezone

# Two facts of one action keep their order in the journal.
TICK = timedelta(milliseconds=40)


class Clock:
    """A moment that only goes forward."""

    def __init__(self, start: datetime) -> None:
        self.moment = start

    def advance_to(self, moment: datetime) -> None:
        """Wait until a moment; one already past leaves the clock where it is."""
        self.moment = max(self.moment, moment)

    def now(self) -> datetime:
        self.moment += TICK
        # In UTC as the real one: the journal seals a moment as it is written.
        return self.moment.astimezone(UTC)


@contextmanager
def playing(clock: Clock) -> Iterator[None]:
    """The whole process lives at `clock`'s time; the real time comes back whatever happens."""
    with mock.patch.object(timezone, "now", clock.now):
        yield
