"""Logs without people: requests are named by their route, never by what was typed."""

import logging
import re

# E-mail addresses, French phone numbers, and anything after a question mark or a private link.
PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]+"
    r"|(?<!\d)(?:\+33|0)[ .]?[1-9](?:[ .]?\d{2}){4}(?!\d)"
    r"|(?<=\?)\S+"
    r"|(?<=/suivi/)[\w-]+"
    r"|(?<=/agenda/)[\w-]+"
    r"|(?<=/invitation/)[\w-]+"
)


class WithoutPersonalData(logging.Filter):
    """Masks what could name a person in the formatted message; keeps the rest readable."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = PERSONAL.sub("[masqué]", record.getMessage())
        record.args = ()
        return True
