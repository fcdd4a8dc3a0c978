"""`{% load observatory %}`: a chart of figures with its table, and what stands under it."""

from typing import Any

from django import template

from atre.web.observatory.showing import BarChart, LineChart, Provenance

register = template.Library()


@register.inclusion_tag("observatory/bar_chart.html")
def figure_bars(chart: BarChart) -> dict[str, Any]:
    return {"chart": chart}


@register.inclusion_tag("observatory/line_chart.html")
def figure_lines(chart: LineChart) -> dict[str, Any]:
    return {"chart": chart}


@register.inclusion_tag("observatory/provenance.html")
def origin(provenance: Provenance | None) -> dict[str, Any]:
    return {"provenance": provenance}
