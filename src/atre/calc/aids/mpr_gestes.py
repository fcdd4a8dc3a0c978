"""MaPrimeRénov' par geste: a lump sum for each work that the scheme pays for on that day.

Judged by the rules of the deposit date, each a dated parameter `mpr.gestes.*`. Households above the
« intermédiaires » ceiling are excluded. Which works are covered changed on 1 January and on
1 September 2026; a work that is no longer covered is paid nothing, and the others stay.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from atre.calc.aids.applicant import Applicants, applicants, caution_last_euro, require_owner
from atre.calc.aids.ceilings import CLASSES_BY_CODE, IncomeClass
from atre.calc.aids.conditions import require_at_least, require_flag, require_open
from atre.calc.aids.explanation import HIGH
from atre.calc.aids.facts_on import fact_on, facts
from atre.calc.aids.geste_table import COVERED, COVERED_OVERSEAS, geste_table
from atre.calc.aids.judgement import Judgement
from atre.calc.aids.mpr_gestes_amount import GesteLines, geste_lines
from atre.calc.aids.mpr_gestes_conditions import lay_landlord_limits, require_age, require_not_begun
from atre.calc.aids.plain_numbers import euros_or_unknown_fr
from atre.calc.aids.result import Aid, AidResults, Euros
from atre.calc.aids.situation import Situations, Works
from atre.calc.aids.situation_fields import GESTE_LABELS_FR, GESTES_BY_CODE
from atre.calc.parameters import DatedValue
from atre.calc.three_valued import (
    NO_CODE,
    UNKNOWN_CODE,
    YES_CODE,
    Codes,
    any_of,
    codes_from_condition,
)


@dataclass(frozen=True, slots=True)
class GestePremiums:
    """The aid of n projects, and what each of their m lines is paid (NaN unknown)."""

    results: AidResults
    line_eur: Euros


def mpr_gestes(situations: Situations, on: date) -> AidResults:
    """Judge n projects « par geste »; amounts in euros, shape (n,). See `geste_premiums`.

    >>> from atre.calc.aids.examples import example_project
    >>> mpr_gestes(example_project(), date(2026, 6, 1)).amount_eur.tolist()
    [7500.0]
    """
    return geste_premiums(situations, on).results


def geste_premiums(situations: Situations, on: date) -> GestePremiums:
    """Judge n projects and pay each line of their works, euros, shape (m,), NaN unknown.

    Reads the income and address columns, `dwelling_age_years`, `dwelling_in_metropole`,
    `dwelling_kind`, `dpe_before`, `heating_before`, `occupied_months_per_year`, `works_started`,
    `heating_breakdown`, `rge_firms`, the landlord columns; of each work, its geste, quantity, cost
    including tax and CEE offer.

    Source: parameters `mpr.gestes.*`.

    In June 2026 neither the walls nor the loft of the example are paid for; its heat pump and its
    double flow ventilation are, a lump sum each.

    >>> from atre.calc.aids.examples import example_project
    >>> geste_premiums(example_project(), date(2026, 6, 1)).line_eur.tolist()
    [0.0, 0.0, 5000.0, 2500.0]
    """
    judgement = Judgement(Aid.MPR_GESTES, on=on, n=situations.n)
    who = applicants(situations, on)
    require_open(judgement, "mpr.gestes.deposit_open")
    require_owner(judgement, situations)
    _require_income(judgement, who)
    require_at_least(
        judgement,
        situations,
        "occupied_months_per_year",
        "mpr.gestes.main_residence_months",
        "mois par an",
    )
    require_age(judgement, situations)
    _require_fg_house(judgement, situations)
    require_not_begun(judgement, situations)
    require_flag(
        judgement,
        situations,
        "rge_firms",
        "Les entreprises sont qualifiées RGE.",
        "mpr.gestes.rge_required",
    )
    works = situations.works
    if works is None:
        _lay_without_works(judgement)
        return GestePremiums(judgement.results(), np.zeros(0))
    lines = geste_lines(situations, works, who, on)
    _require_covered(judgement, situations, works, lines)
    paid = _lay_sum(judgement, situations, works, who, lines)
    lay_landlord_limits(judgement, situations, paid)
    caution_last_euro(judgement, who)
    return GestePremiums(judgement.results(), lines.paid_eur)


def _require_income(judgement: Judgement, who: Applicants) -> None:
    fact = fact_on("mpr.gestes.classes", judgement.on)
    names = fact.names if fact else ()
    codes = [CLASSES_BY_CODE.index(IncomeClass(name)) for name in names]
    judgement.require(
        "income_class",
        codes_from_condition(np.isin(who.codes, codes), who.codes != UNKNOWN_CODE),
        sentence=lambda row: (
            "La prime par geste est réservée aux ménages très modestes, modestes et "
            f"intermédiaires. {who.answer(row).sentence_fr}"
        ),
        needs=who.needs,
        facts=facts(fact),
        row_facts=who.ceilings_read,
    )


def _require_fg_house(judgement: Judgement, situations: Situations) -> None:
    """Houses of class F or G are admitted until a date that texts have moved twice."""
    fact = fact_on("mpr.gestes.fg_houses_allowed", judgement.on)
    if fact is not None and fact.holds:
        return
    dpe, kind = situations.choice("dpe_before"), situations.choice("dwelling_kind")
    better = codes_from_condition(dpe < situations.rank("dpe_before", "F"), dpe != UNKNOWN_CODE)
    apartment = codes_from_condition(
        kind == situations.rank("dwelling_kind", "apartment"), kind != UNKNOWN_CODE
    )
    excluded = np.int8(UNKNOWN_CODE if fact is None else NO_CODE)
    codes = any_of(better, apartment)
    judgement.require(
        "fg_house",
        np.where(codes == NO_CODE, excluded, codes).astype(np.int8),
        sentence=lambda row: "Une maison classée F ou G passe par la rénovation d’ampleur.",
        needs={
            "dpe_before": dpe == UNKNOWN_CODE,
            "dwelling_kind": kind == UNKNOWN_CODE,
            "published_rule": (codes == NO_CODE) & (fact is None),
        },
        facts=facts(fact),
    )


def _require_covered(
    judgement: Judgement, situations: Situations, works: Works, lines: GesteLines
) -> None:
    yes = works.any_of(lines.covered == YES_CODE, judgement.n)
    maybe = works.any_of(lines.covered == UNKNOWN_CODE, judgement.n)
    listed = works.any_of(np.ones(works.household.shape, np.bool_), judgement.n)
    codes = codes_from_condition(yes, yes | (listed & ~maybe))

    away = situations.flag("dwelling_in_metropole") == NO_CODE
    overseas_fact = facts(fact_on(COVERED_OVERSEAS, judgement.on))

    def sentence(row: int) -> str:
        names = _geste_names_fr(works, lines.covered, row)
        return f"Au moins un des travaux est couvert à cette date ({names})."

    judgement.require(
        "covered",
        codes,
        sentence=sentence,
        needs={"works": ~listed, "published_rule": maybe},
        facts=facts(fact_on(COVERED, judgement.on)),
        # The list makes the amount, by the works it keeps as by those it leaves out: one that was
        # read in transcriptions only lowers every answer.
        changes=np.ones(judgement.n, np.bool_),
        row_facts=lambda row: overseas_fact if away[row] else (),
    )


def _lay_sum(
    judgement: Judgement, situations: Situations, works: Works, who: Applicants, lines: GesteLines
) -> Euros:
    paid = works.total(lines.paid_eur, judgement.n)
    tables = [geste_table(judgement.on, overseas=flag) for flag in (False, True)]
    away = situations.flag("dwelling_in_metropole") == NO_CODE
    weakest = np.where(
        away[works.household], tables[1].rank[works.geste], tables[0].rank[works.geste]
    )
    ranks = np.full(judgement.n, HIGH, dtype=np.int8)
    np.minimum.at(ranks, works.household[weakest < HIGH], weakest[weakest < HIGH])

    def sentence(row: int) -> str:
        said = [
            _line_fr(works, lines, int(line)) for line in np.flatnonzero(works.household == row)
        ]
        return f"Ménage {who.label_fr(row)}. {' '.join(said)}"

    def row_facts(row: int) -> list[DatedValue]:
        table = tables[int(away[row])]
        codes = dict.fromkeys(works.geste[works.household == row].tolist())
        return [fact for code in codes for fact in table.facts[code]]

    needs = {
        name: works.any_of(rows, judgement.n) for name, rows in lines.needs.items() if rows.any()
    }
    for name, rows in who.needs.items():
        needs[name] = needs[name] | rows if name in needs else rows
    judgement.amount(
        "lump_sums",
        paid,
        sentence=sentence,
        needs=needs,
        facts=facts(fact_on("mpr.gestes.aids_share", judgement.on)),
        row_facts=row_facts,
        row_ranks=ranks,
    )
    return paid


def _lay_without_works(judgement: Judgement) -> None:
    judgement.amount(
        "lump_sums",
        np.full(judgement.n, np.nan),
        sentence=lambda row: "La liste des travaux n’est pas connue.",
        needs={"works": np.ones(judgement.n, np.bool_)},
    )


def _geste_names_fr(works: Works, covered: Codes, row: int) -> str:
    """« pompe à chaleur air/eau : oui ; ventilation double flux : non »."""
    words = {YES_CODE: "oui", NO_CODE: "non", UNKNOWN_CODE: "inconnu"}
    lines = np.flatnonzero(works.household == row)
    return " ; ".join(
        f"{GESTE_LABELS_FR[GESTES_BY_CODE[works.geste[line]]]} : {words[int(covered[line])]}"
        for line in lines
    )


def _line_fr(works: Works, lines: GesteLines, line: int) -> str:
    """What one work is paid, in words."""
    name = GESTE_LABELS_FR[GESTES_BY_CODE[works.geste[line]]].capitalize()
    if lines.covered[line] == NO_CODE:
        return f"{name} : non couvert."
    said = f"{name} : forfait de {euros_or_unknown_fr(lines.lump_eur[line])}"
    if lines.limit_eur[line] < lines.lump_eur[line]:
        said += (
            f", ramené à {euros_or_unknown_fr(lines.limit_eur[line])} (dépense retenue "
            f"{euros_or_unknown_fr(lines.kept_eur[line])}, offre CEE "
            f"{euros_or_unknown_fr(works.cee_offer_eur[line])})"
        )
    return f"{said}."
