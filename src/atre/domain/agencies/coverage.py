"""Which programmes and agencies answer for a commune. Public facts: no household is involved."""

from dataclasses import dataclass
from datetime import date

from atre.domain.agencies.models import Agency, Programme
from atre.domain.agencies.selectors import open_programmes
from atre.domain.territories.models import Commune
from atre.domain.territories.selectors import perimeters_covering


@dataclass(frozen=True)
class Coverage:
    """What exists for a commune on a day: open programmes, and agencies whose perimeter holds it."""

    commune: Commune
    programmes: tuple[Programme, ...]
    agencies: tuple[Agency, ...]


def coverage(*, commune: Commune, on: date) -> Coverage:
    """Programmes that take requests from the commune that day, and its agencies. Two queries."""
    perimeters = perimeters_covering(commune.pk, on).values("pk")
    return Coverage(
        commune=commune,
        programmes=tuple(open_programmes(on=on).filter(perimeter__in=perimeters).order_by("name")),
        agencies=tuple(Agency.objects.filter(perimeter__in=perimeters).order_by("name")),
    )
