"""What a calculation refuses, with a French sentence a screen can show as it is."""


class CalcRefusal(ValueError):
    """A calculation refused its input.

    `message_fr` says what is wrong and what would be right; `field` names the argument
    concerned, so that a form can point at it. Neither holds personal data.
    """

    def __init__(self, message_fr: str, *, field: str | None = None) -> None:
        super().__init__(message_fr)
        self.message_fr = message_fr
        self.field = field


class RefusedInput(CalcRefusal):
    """A value that cannot be true: a negative income, half a person."""
