"""Logs without people: requests are named by their route, never by what was typed."""

import logging
import re

# E-mail addresses, French phone numbers, what follows a question mark or a private link, and what
# PostgreSQL quotes of a refused row.
PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]+"
    r"|(?<!\d)(?:\+33[ .]?|0)[1-9](?:[ .]?\d{2}){4}(?!\d)"
    r"|(?<=\?)\S+"
    r"|(?<=/suivi/)[\w-]+"
    r"|(?<=/agenda/)[\w-]+"
    r"|(?<=/invitation/)[\w-]+"
    r"|(?<=/password/reset/key/)[\w-]+"
    r"|(?<=DETAIL:)[^\n]+"
    r"|(?<=Failing row contains )[^\n]+"
)
MASK = "[masqué]"


class WithoutPersonalData(logging.Filter):
    """Masks what could name a person in the message and its traceback; keeps the rest readable."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = PERSONAL.sub(MASK, record.getMessage())
        record.args = ()
        if record.exc_info and not record.exc_text:
            # Formatters use this text instead of drawing the traceback themselves.
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = PERSONAL.sub(MASK, record.exc_text)
        return True
