"""The cited extract of a territory: chosen chapters, each figure with its source, for a planning document."""

from atre.web.observatory.extract.building import territory_extract
from atre.web.observatory.extract.choices import CHAPTERS, PURPOSES, Purpose

__all__ = ["CHAPTERS", "PURPOSES", "Purpose", "territory_extract"]
