"""Who publishes what: the warehouse's table, under the name that screens use."""

from atre.warehouse.publishers import (
    OPEN,
    PUBLISHERS,
    Publisher,
    licence_fr,
    short_fr,
)

__all__ = ["OPEN", "PUBLISHERS", "Publisher", "licence_fr", "short_fr"]
