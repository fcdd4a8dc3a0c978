"""Refusals that a person reads. Each carries a French sentence: what is wrong and what to do."""


class DomainError(Exception):
    """An action refused. `message_fr` is shown as it is; `context` never holds personal data."""

    def __init__(self, message_fr: str, **context: object) -> None:
        super().__init__(message_fr)
        self.message_fr = message_fr
        self.context = context


class NotAllowed(DomainError):
    """The person acting has no right to do this here."""


class StaleSave(DomainError):
    """The row changed since the person opened it; both versions must be shown (HTTP 409)."""

    def __init__(self, message_fr: str, *, current: object, **context: object) -> None:
        super().__init__(message_fr, **context)
        self.current = current


class InvalidInput(DomainError):
    """A value cannot be what it says. `field` names the field to point at."""

    def __init__(self, message_fr: str, *, field: str | None = None, **context: object) -> None:
        super().__init__(message_fr, **context)
        self.field = field
