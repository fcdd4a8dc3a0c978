"""What a person typed in the search box: kept in their session, never in an address.

Addresses are written in histories, logs and referrers; a household's name has no place there.
"""

import secrets

from django.http import HttpRequest

SESSION_KEY = "case_searches"
KEPT = 10
MAX_LENGTH = 100


def remember_search(request: HttpRequest, text: str) -> str:
    """Keep a text under a random key, which goes in the address; "" for an empty text."""
    typed = text.strip()[:MAX_LENGTH]
    if not typed:
        return ""
    kept: dict[str, str] = request.session.get(SESSION_KEY, {})
    key = secrets.token_urlsafe(6)
    kept[key] = typed
    # The oldest ones go: going back ten searches is far enough.
    request.session[SESSION_KEY] = dict(list(kept.items())[-KEPT:])
    return key


def typed_search(request: HttpRequest) -> str:
    """The text behind the address's key; "" when there is none or it is forgotten."""
    kept: dict[str, str] = request.session.get(SESSION_KEY, {})
    return kept.get(request.GET.get("recherche", ""), "")
