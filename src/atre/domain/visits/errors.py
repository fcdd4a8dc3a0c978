"""Refusals about appointments and visits."""

from atre.domain.errors import DomainError


class SlotTaken(DomainError):
    """A visitor already has something at that time."""


class NotSchedulable(DomainError):
    """The appointment is not in a state, or at a time, that allows this."""


class DifferentContent(DomainError):
    """The same visit was already received with another content (HTTP 409)."""


class VisitSealed(DomainError):
    """The visit is finished: what it says does not change any more."""
