"""The two bar drawings of a report: one year in energy, one year in euros. Only what is known has a bar."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from atre.documents.french import french_quantity
from atre.documents.visit_content import EnergyUse

ENERGY_UNIT = "kWh"


def annual_drawing(uses: Sequence[EnergyUse]) -> dict[str, Any] | None:
    """Return the panels to draw (bars as shares of the longest, 0 to 1) and the sentence that says the same.

    Energies counted in another unit than kWh have no bar in the energy panel: a cubic metre of water and a kWh
    have no common length. None when no annual value is known.
    """
    energy_bars = [
        (use.energy, use.annual_quantity)
        for use in uses
        if use.unit == ENERGY_UNIT and use.annual_quantity is not None
    ]
    euro_bars = [
        (use.energy, use.annual_cost_eur) for use in uses if use.annual_cost_eur is not None
    ]
    panels = [
        _panel("Énergie, en kWh par an", energy_bars, ENERGY_UNIT),
        _panel("Argent, en euros par an", euro_bars, "€"),
    ]
    drawn = [panel for panel in panels if panel is not None]
    if not drawn:
        return None
    sentences = [
        f"{panel['title']} : "
        + ", ".join(f"{bar['label']} {bar['value']}" for bar in panel["bars"])
        for panel in drawn
    ]
    return {"panels": drawn, "alt": f"Barres de vos dépenses sur un an. {'. '.join(sentences)}."}


def _panel(title: str, bars: Sequence[tuple[str, Decimal]], unit: str) -> dict[str, Any] | None:
    if not bars:
        return None
    longest = max(value for _label, value in bars)
    return {
        "title": title,
        "bars": [
            {
                "label": label,
                "value": french_quantity(value, unit),
                "share": float(value / longest) if longest else 0.0,
            }
            for label, value in sorted(bars, key=lambda bar: bar[1], reverse=True)
        ],
    }
