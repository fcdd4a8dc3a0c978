"""What can be wrong with a territory that a person named."""

from collections.abc import Sequence

from atre.domain.errors import DomainError


class UnknownTerritory(DomainError):
    """A SIREN, an INSEE code or a name that leads to no territory, or to several.

    `suggestions` are sentences to show, the most likely first.
    """

    def __init__(self, message_fr: str, suggestions: Sequence[str] = ()) -> None:
        super().__init__(message_fr)
        self.suggestions = tuple(suggestions)


class EmptyPerimeter(DomainError):
    """A perimeter without any grouping or commune covers nobody."""


class ImpossibleDates(DomainError):
    """The last day of validity comes before the first."""
