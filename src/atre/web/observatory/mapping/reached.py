"""Where help arrived: the cases that an agency opened, for a hundred households thought in need."""

from dataclasses import dataclass, replace

import numpy as np

from atre.warehouse import gate
from atre.warehouse.catalogue import CATALOGUE
from atre.warehouse.edition import read_edition
from atre.warehouse.folders import data_folder
from atre.web.observatory.mapping.question import Per, Question, offers
from atre.web.observatory.mapping.values import (
    Aligned,
    Choropleth,
    aligned,
    choropleth,
    communes_of,
    made,
)
from atre.web.observatory.places import Place

SHARE, HOUSEHOLDS, CASES = "energy_poverty_share", "energy_poverty_households", "cases_opened"
RATIO_FR = "dossiers pour 100 ménages estimés en précarité"


@dataclass(frozen=True)
class Need:
    """Maps of the same communes, in the same order: the estimated share and count of households."""

    share: Choropleth
    households: Choropleth


@dataclass(frozen=True)
class Reached:
    """`cases`: as the agency may be shown them. `ratio`: for a hundred households in need."""

    cases: Choropleth
    ratio: Choropleth


def need(place: Place | None) -> Need | None:
    """The estimated need over a place; None when the model had nothing to work on here. Raises
    NotBuilt."""
    known = offers()
    if SHARE not in known or HOUSEHOLDS not in known:
        return None
    year = known[SHARE][0].year
    asked = Question(CATALOGUE[SHARE], year, place=place)
    households = replace(asked, indicator=CATALOGUE[HOUSEHOLDS], per=Per.WHOLE)
    return Need(choropleth(asked), choropleth(households))


def case_years(agency: str, place: Place) -> list[int]:
    """The years of which an agency's cases were counted, the latest first."""
    figures = gate.cases_opened(agency, place.territory)
    return sorted({one.year for one in figures if one.year is not None}, reverse=True)


def reached(agency: str, found: Need, year: int) -> Reached:
    """The cases an agency opened in a year, beside the need, over the communes of its map."""
    folders = data_folder()
    question = Question(
        CATALOGUE[CASES], year, per=Per.WHOLE, place=found.households.question.place
    )
    codes, names = communes_of(folders, question)
    cases = aligned(gate.cases_of_communes(agency, year=year, folders=folders), codes)
    households = found.households.values
    ratio = cases.values / np.where(households > 0, households, np.nan) * 100
    nothing = np.full(codes.shape, np.nan)
    edition = read_edition(folders).key
    divided = Aligned(ratio, nothing, nothing, cases.flags, cases.source)
    return Reached(
        cases=made(question, edition, codes, names, cases, "dossiers"),
        ratio=made(replace(question, per=Per.DWELLING), edition, codes, names, divided, RATIO_FR),
    )
