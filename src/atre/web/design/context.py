"""What the shell of every page shows: who is here, for which agency, and where they can go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from atre import __version__
from atre.web import navigation


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: navigation, membership, agency, demo, version, source_url.

    A public view gives its own `agency`, which hides this one.
    """
    membership = getattr(request, "membership", None)
    return {
        "navigation": navigation.entries(request) if membership else [],
        "membership": membership,
        "agency": membership.agency if membership else None,
        "demo": settings.DEMO,
        "atre_version": __version__,
        "source_url": getattr(settings, "SOURCE_URL", ""),
    }
