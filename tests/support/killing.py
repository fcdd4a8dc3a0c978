"""Opens cases in processes that are killed. Run by test_kill.py as `python -m tests.support.killing`.

A real database (the file or server of DATABASE_URL) and real SIGKILLs: each attempt is a fork, so
that a sweep over every query of the action takes seconds. Prints one JSON line per attempt.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

ON = date(2026, 3, 2)
RANDOM_KILLS = 25
HANDS = 6


class DiesBefore:
    """An execute wrapper that ends this process, as a power cut would, before the n-th query."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, execute, sql, params, many, context):
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


def in_a_fork(work: Callable[[], None], *, kill_after: float | None = None) -> bool:
    """Runs `work` in a child; True when a SIGKILL ended it."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - a fork must never return into the sweep
            print(f"child failed: {error!r}", file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("the child failed otherwise than by the kill")
    return os.WIFSIGNALED(status)


class Sweep:
    """One agency and its programme, in which cases are opened by processes that die."""

    def __init__(self) -> None:
        from tests.support import world

        self.agency = world.agency()
        self.programme = world.programme(self.agency)
        self.request = world.request()

    def open_one(self, submission: UUID):
        from atre.domain.households.actions.opening import open_case
        from atre.domain.households.enums import Channel

        return open_case(
            programme=self.programme,
            request=self.request,
            submission=submission,
            channel=Channel.PUBLIC,
            by=None,
            on=ON,
        )

    def rows(self) -> dict[str, int]:
        """How many rows stand in each table an opening writes; « broken » checks the journal."""
        from atre.domain.agencies import isolation
        from atre.domain.audit.models import AuditEntry
        from atre.domain.audit.selectors import first_broken_link
        from atre.domain.households import models as households
        from atre.domain.messages.models import Message

        names = [
            "Dwelling",
            "Household",
            "HouseholdToken",
            "Case",
            "Consent",
            "StateChange",
            "CaseLink",
        ]
        models = [*(getattr(households, name) for name in names), AuditEntry, Message]
        with isolation.within(self.agency):
            counts = {model.__name__: model.objects.count() for model in models}
            counts["broken"] = first_broken_link(agency=self.agency) or 0
        return counts

    def attempt(
        self, kind: str, work: Callable[[UUID], object], *, kill_after: float | None = None
    ) -> bool:
        """One process that opens a case and may die; then the same form is sent again."""
        submission, before = uuid4(), self.rows()
        killed = in_a_fork(lambda: work(submission), kill_after=kill_after)
        after = self.rows()
        self.open_one(submission)
        report(kind=kind, killed=killed, before=before, after=after, resent=self.rows())
        return killed

    def before_query(self, number: int) -> Callable[[UUID], object]:
        from django.db import connection

        def work(submission: UUID) -> None:
            with connection.execute_wrapper(DiesBefore(number)):
                self.open_one(submission)

        return work

    def around_commit(self, *, after: bool) -> Callable[[UUID], object]:
        from django.db import connection

        def work(submission: UUID) -> None:
            commit = connection._commit

            def commit_and_die() -> None:
                if after:
                    commit()
                os.kill(os.getpid(), signal.SIGKILL)

            connection._commit = commit_and_die
            self.open_one(submission)

        return work

    def at_random_moments(self) -> None:
        started = time.monotonic()
        in_a_fork(lambda: self.open_one(uuid4()))
        longest = 1.2 * (time.monotonic() - started)
        dice = random.Random(2)
        for _ in range(RANDOM_KILLS):
            self.attempt("moment", self.open_one, kill_after=dice.uniform(0, longest))

    def together(self) -> None:
        """The same form, sent by several processes at the same moment."""
        from django.db import connections

        submission, before = uuid4(), self.rows()
        connections.close_all()
        answers, replies = os.pipe()
        start = time.monotonic() + 0.3
        children = []
        for _ in range(HANDS):
            child = os.fork()
            if child == 0:
                time.sleep(max(0, start - time.monotonic()))
                os.write(replies, (json.dumps(self.answer(submission)) + "\n").encode())
                os._exit(0)
            children.append(child)
        for child in children:
            os.waitpid(child, 0)
        os.close(replies)
        with os.fdopen(answers) as lines:
            receipts = [json.loads(line) for line in lines]
        report(kind="together", receipts=receipts, before=before, after=self.rows())

    def answer(self, submission: UUID) -> list:
        try:
            receipt = self.open_one(submission)
        except BaseException as error:  # noqa: BLE001 - told to the test, which fails on it
            return [repr(error), None, False]
        return [receipt.case.reference, receipt.link_token, receipt.created]


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    sweep = Sweep()
    sweep.attempt("undisturbed", sweep.open_one)
    number = 1
    while sweep.attempt("query", sweep.before_query(number)):
        number += 1
    sweep.attempt("before commit", sweep.around_commit(after=False))
    sweep.attempt("after commit", sweep.around_commit(after=True))
    sweep.at_random_moments()
    sweep.together()


def report(**line: object) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
