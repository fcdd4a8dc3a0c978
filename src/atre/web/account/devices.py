"""The cookie by which a browser that let a person in is recognised at the next login."""

import ipaddress
import secrets

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

NAME = "atre_device"
SALT = "atre.web.account.devices"
KEPT_SECONDS = 180 * 24 * 3600


def _digest(email: str) -> str:
    return salted_hmac(SALT, email.strip().lower(), algorithm="sha256").hexdigest()[:32]


def known_device(request: HttpRequest, *, email: str) -> str | None:
    """The number of this browser when it already let `email` in, else None."""
    try:
        kept = signing.loads(request.COOKIES.get(NAME, ""), salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return None
    number = kept.get(_digest(email)) if isinstance(kept, dict) else None
    return number if isinstance(number, str) else None


def remember_device(request: HttpRequest, response: HttpResponse, *, email: str) -> None:
    """Give this browser a new number for `email`; others who use it keep theirs (five at most)."""
    try:
        kept = signing.loads(request.COOKIES.get(NAME, ""), salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        kept = {}
    kept.pop(_digest(email), None)
    others = dict(list(kept.items())[-4:])
    response.set_cookie(
        NAME,
        signing.dumps({**others, _digest(email): secrets.token_urlsafe(16)}, salt=SALT),
        max_age=KEPT_SECONDS,
        httponly=True,
        secure=settings.HTTPS,
        samesite="Lax",
        path="/compte/",
    )


def origin(request: HttpRequest) -> str:
    """Where a request comes from: its address, or its /64 in IPv6, which one person owns whole."""
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
