"""How much MaPrimeRénov' pays for each work, in the legal order.

1. the lump sum of the work and of the income class, by m² or by window for some;
2. the « écrêtement » of each expense: MaPrimeRénov' and the CEE offer together stay under a share
   of the expense kept, which is the cost including tax up to the cap of the work; MaPrimeRénov'
   gives way, never below zero.

The published caps are in euros excluding tax; the most that is announced to households for a heat
pump (10 800 € for the very modest: 90 % of 12 000 €) reads the cap as it is against the cost
including tax. We do the same, which is the lower reading.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from atre.calc.aids.applicant import Applicants
from atre.calc.aids.facts_on import fact_on
from atre.calc.aids.geste_table import GesteTable, geste_table
from atre.calc.aids.result import Euros, Flags
from atre.calc.aids.situation import Situations, Works
from atre.calc.aids.situation_fields import GESTE_CODE, Geste
from atre.calc.three_valued import NO_CODE, UNKNOWN_CODE, YES_CODE, Codes


@dataclass(frozen=True, slots=True)
class GesteLines:
    """What each of m lines is paid. All (m,), NaN unknown; 0 where the work is not covered.

    `lump_eur` before the limit, `kept_eur` the expense kept, `limit_eur` the most MaPrimeRénov'
    may pay beside the CEE offer, `paid_eur` the result. `needs`: by input, the lines that lack it.
    """

    covered: Codes
    lump_eur: Euros
    kept_eur: Euros
    limit_eur: Euros
    paid_eur: Euros
    needs: dict[str, Flags]


def geste_lines(situations: Situations, works: Works, who: Applicants, on: date) -> GesteLines:
    """Pay each of the m lines of n households' works; NaN wherever an input that it reads lacks.

    Source: parameters `mpr.gestes.amount.*` and `mpr.gestes.aids_share`. Euros; see `GesteLines`.

    A heat pump of 5 500 € and a CEE offer of 4 000 €, « très modestes »: both together stay under
    90 % of the cost.

    >>> from atre.calc.aids.applicant import applicants
    >>> from atre.calc.aids.examples import example_project, works_of
    >>> on, pump = date(2026, 6, 1), ((Geste.PAC_AIR_EAU, 1, 5_200, 5_500),)
    >>> project = example_project(works=works_of(pump, cee_eur=4_000))
    >>> lines = geste_lines(project, project.works, applicants(project, on), on)
    >>> lines.lump_eur.tolist(), lines.limit_eur.tolist(), lines.paid_eur.tolist()
    ([5000.0], [950.0], [950.0])
    """
    place = situations.flag("dwelling_in_metropole")[works.household]
    read = _read(geste_table(on, overseas=False), works, who)
    if not (place == YES_CODE).all():
        # Few files are overseas: the second table is read only for the batches that need it.
        read = _by_place(place, read, _read(geste_table(on, overseas=True), works, who))
    covered = _audit_needs_another(works, read.covered, situations.n)
    lump, kept = read.lump_eur, read.kept_eur
    share = who.amounts(fact_on("mpr.gestes.aids_share", on))[works.household]
    limit = np.maximum(share * kept - works.cee_offer_eur, 0.0)
    paid = np.where(covered == NO_CODE, 0.0, np.minimum(lump, limit))
    paid = np.where(covered == UNKNOWN_CODE, np.nan, paid)
    return GesteLines(covered, lump, kept, limit, paid, _needs(works, place, read, covered))


@dataclass(frozen=True, slots=True)
class _Reading:
    """A table read for m lines, as if all were in one place."""

    covered: Codes
    lump_eur: Euros
    kept_eur: Euros
    by_unit: Flags
    published: Flags


def _read(table: GesteTable, works: Works, who: Applicants) -> _Reading:
    geste = works.geste.astype(np.intp)
    by_unit = table.by_unit[geste]
    units = np.where(by_unit, np.minimum(works.quantity, table.most_units[geste]), 1.0)
    income = who.codes[works.household].astype(np.intp)
    lump = np.where(income < 0, np.nan, table.amount_eur[geste, income]) * units
    cap = table.cap_eur[geste] * units
    # Without a published cap (solar water heaters overseas) the whole cost counts.
    capless = np.isnan(table.cap_eur)[geste]
    kept = np.where(capless, works.cost_ttc_eur, np.minimum(works.cost_ttc_eur, cap))
    published = np.asarray(np.isfinite(table.amount_eur).any(axis=1), dtype=np.bool_)
    return _Reading(table.covered[geste], lump, kept, by_unit, published[geste])


def _by_place(place: Codes, mainland: _Reading, overseas: _Reading) -> _Reading:
    """The mainland's reading, overseas', or either where they agree; unknown otherwise."""
    away = place == NO_CODE
    differ = (place == UNKNOWN_CODE) & (
        (mainland.covered != overseas.covered) | (mainland.lump_eur != overseas.lump_eur)
    )
    covered = np.where(away, overseas.covered, mainland.covered)
    unsettled = np.where(differ, np.int8(UNKNOWN_CODE), covered)
    return _Reading(
        np.where(mainland.covered == overseas.covered, covered, unsettled).astype(np.int8),
        np.where(differ, np.nan, np.where(away, overseas.lump_eur, mainland.lump_eur)),
        np.where(differ, np.nan, np.where(away, overseas.kept_eur, mainland.kept_eur)),
        mainland.by_unit,
        np.where(away, overseas.published, mainland.published) | (place == UNKNOWN_CODE),
    )


def _audit_needs_another(works: Works, covered: Codes, n: int) -> Codes:
    """An audit is paid only beside another work that is."""
    audit = works.geste == GESTE_CODE[Geste.AUDIT]
    beside = works.any_of(~audit & (covered == YES_CODE), n)[works.household]
    maybe = works.any_of(~audit & (covered == UNKNOWN_CODE), n)[works.household]
    alone = np.where(maybe, np.int8(UNKNOWN_CODE), np.int8(NO_CODE))
    return np.where(audit & ~beside & (covered == YES_CODE), alone, covered).astype(np.int8)


def _needs(works: Works, place: Codes, read: _Reading, covered: Codes) -> dict[str, Flags]:
    due = covered != NO_CODE
    solar = works.geste == GESTE_CODE[Geste.CESI]
    return {
        "works.quantity": due & read.by_unit & np.isnan(works.quantity),
        "works.cost_ttc_eur": due & np.isnan(works.cost_ttc_eur),
        "works.cee_eur": due & np.isnan(works.cee_offer_eur),
        "dwelling_in_metropole": due & solar & (place == UNKNOWN_CODE),
        "published_rule": due & ~read.published,
    }
