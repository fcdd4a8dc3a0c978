"""Slowing password guessing down without locking anyone out of their account.

Each attempt is counted before the password is checked, so that a burst of parallel tries counts
whole. A browser that already let this person in counts for itself alone (OWASP « device cookies »):
whatever strangers do to an address, its owner gets in from the usual place.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from atre.domain.agencies.models import LoginCounter
from atre.domain.errors import DomainError

FIRST_WAIT = timedelta(seconds=30)
# Longer than the longest wait, or waiting would itself erase what was counted.
FORGOTTEN_AFTER = timedelta(hours=6)


@dataclass(frozen=True)
class Limit:
    """How many failures cost nothing, and the longest wait after that."""

    free: int
    longest_wait: timedelta

    def wait_after(self, failures: int) -> timedelta:
        """Nothing up to `free` failures, then 30 s, doubling up to `longest_wait`."""
        beyond = failures - self.free
        if beyond < 0:
            return timedelta(0)
        # Bounded before the power: a counter may grow for weeks.
        return min(FIRST_WAIT * 2 ** min(beyond, 20), self.longest_wait)


LIMITS = {
    "device": Limit(free=10, longest_wait=timedelta(minutes=15)),
    "pair": Limit(free=5, longest_wait=timedelta(minutes=15)),
    # A whole agency goes out by one address; on Monday morning many mistype.
    "origin": Limit(free=50, longest_wait=timedelta(minutes=15)),
    # Short: under an attack from everywhere, a new device of the owner must find a gap.
    "address": Limit(free=25, longest_wait=timedelta(minutes=1)),
}


class TooManyAttempts(DomainError):
    """Too many failures: `retry_at` says when the next attempt will be looked at."""

    def __init__(self, *, retry_at: datetime, now: datetime) -> None:
        minutes = max(1, -(-int((retry_at - now).total_seconds()) // 60))
        when = "une minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(
            f"Trop d’essais avec un mot de passe incorrect. Réessayez dans {when}, "
            "ou choisissez un nouveau mot de passe par e-mail."
        )
        self.retry_at = retry_at


@dataclass(frozen=True)
class Attempt:
    """The counters one attempt adds to: kind → key."""

    keys: dict[str, str]

    @classmethod
    def from_known_device(cls, *, email: str, device: str) -> "Attempt":
        return cls({"device": _key("device", email, device)})

    @classmethod
    def from_elsewhere(cls, *, email: str, origin: str) -> "Attempt":
        return cls(
            {
                "pair": _key("pair", email, origin),
                "origin": _key("origin", origin),
                "address": _key("address", email),
            }
        )


def _key(*parts: str) -> str:
    """A digest that counts without telling who or where."""
    text = "\n".join(part.strip().lower() for part in parts)
    return salted_hmac("atre.login", text, algorithm="sha256").hexdigest()


@transaction.atomic
def begin(attempt: Attempt, *, at: datetime) -> None:
    """Count an attempt as a failure until it succeeds. Raises `TooManyAttempts` without counting.

    An attempt refused unseen adds nothing: insisting does not make the wait longer.
    """
    rows = _locked(attempt.keys.values(), at=at)
    retry_at = at
    for kind, key in attempt.keys.items():
        row = rows[key]
        if at - row.last_at > FORGOTTEN_AFTER:
            row.failures = 0
        if row.failures:
            retry_at = max(retry_at, row.last_at + LIMITS[kind].wait_after(row.failures))
    if retry_at > at:
        raise TooManyAttempts(retry_at=retry_at, now=at)
    for row in rows.values():
        row.failures, row.last_at = row.failures + 1, at
    LoginCounter.objects.bulk_update(rows.values(), ["failures", "last_at"])
    LoginCounter.objects.filter(last_at__lt=at - FORGOTTEN_AFTER).delete()


def _locked(keys: Iterable[str], *, at: datetime) -> dict[str, LoginCounter]:
    wanted = sorted(keys)
    LoginCounter.objects.bulk_create(
        [LoginCounter(key=key, last_at=at) for key in wanted], ignore_conflicts=True
    )
    # Always in the same order, so that two attempts never wait for each other.
    locked = LoginCounter.objects.select_for_update().filter(key__in=wanted).order_by("key")
    return {row.key: row for row in locked}


@transaction.atomic
def succeeded(attempt: Attempt) -> None:
    """Forget the failures of this person here; take one attempt back from the shared counters.

    Shared counters are not emptied: an attacker who owns one account would reset them at will.
    """
    for kind, key in attempt.keys.items():
        row = LoginCounter.objects.filter(key=key)
        if kind in {"device", "pair"}:
            row.delete()
        else:
            row.filter(failures__gt=0).update(failures=F("failures") - 1)


def forget_address(*, email: str, origin: str) -> None:
    """After a new password was chosen through the mailbox: its owner is the one who asks."""
    keys = Attempt.from_elsewhere(email=email, origin=origin).keys
    LoginCounter.objects.filter(key__in=[keys["pair"], keys["address"]]).delete()
