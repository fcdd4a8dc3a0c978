"""MaPrimeAdapt': works that adapt a dwelling to age or disability.

Three applicants, three sums: who lives there (owner, or tenant of a private landlord), by income
class; the landlord, for a tenant who needs it; the copropriété, in `maprimeadapt_copropriete`.
Energy works are not counted here: they belong to MaPrimeRénov', and one expense is paid once.

Source: guide des aides financières 2026 of the Anah, through public transcriptions; parameters
`maprimeadapt.*`.
"""

from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from atre.calc.aids.applicant import Applicants, applicants, caution_last_euro
from atre.calc.aids.conditions import negated
from atre.calc.aids.explanation import HIGH, lowest_rank
from atre.calc.aids.facts_on import fact_on, facts, number_of
from atre.calc.aids.judgement import Judgement
from atre.calc.aids.plain_numbers import euros_or_unknown_fr, plain_fr
from atre.calc.aids.result import Aid, AidResults, Euros, Flags
from atre.calc.aids.situation import Situations
from atre.calc.errors import RefusedInput
from atre.calc.parameters import DatedValue
from atre.calc.three_valued import (
    NO_CODE,
    UNKNOWN_CODE,
    YES_CODE,
    Codes,
    all_of,
    any_of,
    codes_from_condition,
)


def maprimeadapt(situations: Situations, on: date) -> AidResults:
    """Judge MaPrimeAdapt' for n occupants or landlords by the rules of the deposit date.

    The amount is the aid to the works, in euros; the lump sum of the accompaniment comes besides
    (`maprimeadapt.amo`). Reads `occupancy`, `social_housing`, `main_residence`, income and place,
    `aided_person_age_years`, `gir_1_to_6`, `disability_pct`, `pch`, `adaptation_works_ht_eur`,
    and `floor_area_m2` for a landlord.

    >>> one = Situations.of(1, occupancy="owner_occupier", main_residence=True, rfr_eur=17000,
    ...     persons=1, dwelling_in_idf=False, aided_person_age_years=70,
    ...     adaptation_works_ht_eur=9000)
    >>> maprimeadapt(one, date(2026, 6, 1)).amount_eur.tolist()
    [6300.0]
    """
    occupancy = situations.choice("occupancy")
    landlord = occupancy == situations.rank("occupancy", "landlord")
    judgement = Judgement(Aid.MAPRIMEADAPT, on=on, n=situations.n)
    who = applicants(situations, on)
    _require_applicant(judgement, situations, occupancy, on)
    _require_person(judgement, situations, landlord, on)
    _require_income(judgement, who, landlord, on)
    _lay_amounts(judgement, situations, who, landlord, on)
    caution_last_euro(judgement, who)
    return judgement.results()


def maprimeadapt_copropriete(works_ht_eur: ArrayLike, on: date) -> Euros:
    """The aid to n copropriétés for one access made practicable, in euros.

    `works_ht_eur`: euros before tax, shape (n,), NaN unknown. Returns float64 (n,), NaN where the
    cost or the rule of that day is unknown. Known with medium confidence (`maprimeadapt.
    copropriete_*`): a screen that shows it says so. Raises `RefusedInput` for a negative cost.

    >>> maprimeadapt_copropriete([8000, 30000, np.nan], date(2026, 6, 1)).tolist()
    [4000.0, 10000.0, nan]
    """
    works = np.atleast_1d(np.asarray(works_ht_eur, dtype=np.float64))
    if (works < 0).any():
        raise RefusedInput("Un coût de travaux ne peut pas être négatif.", field="works_ht_eur")
    rate, cap, most = (
        number_of(fact_on(f"maprimeadapt.copropriete_{name}", on))
        for name in ("rate", "works_cap", "most_aid")
    )
    aid: Euros = np.minimum(np.minimum(works, cap) * rate / 100, most)
    return aid


def _require_applicant(
    judgement: Judgement, situations: Situations, occupancy: Codes, on: date
) -> None:
    tenant = occupancy == situations.rank("occupancy", "tenant")
    hosted = occupancy == situations.rank("occupancy", "hosted")
    rule = fact_on("maprimeadapt.excludes_social_tenants", on)
    allowed = np.where(tenant, negated(situations.flag("social_housing")), np.int8(YES_CODE))
    allowed[hosted | (occupancy == UNKNOWN_CODE) | (rule is None)] = UNKNOWN_CODE
    judgement.require(
        "applicant",
        allowed.astype(np.int8),
        sentence=lambda row: (
            "L’aide est demandée par l’occupant, propriétaire ou locataire du parc privé, ou par "
            "le bailleur ; pas par un locataire du parc social."
        ),
        needs={
            "occupancy": occupancy == UNKNOWN_CODE,
            "social_housing": tenant & situations.unknown("social_housing"),
            "published_rule": hosted | (rule is None),
        },
        facts=facts(rule),
    )
    judgement.require(
        "main_residence",
        situations.flag("main_residence"),
        sentence=lambda row: "Le logement est la résidence principale de la personne aidée.",
        needs={"main_residence": situations.unknown("main_residence")},
    )


def _require_person(
    judgement: Judgement, situations: Situations, landlord: Flags, on: date
) -> None:
    alone, with_gir, disability = (
        fact_on(f"maprimeadapt.{name}", on)
        for name in ("age_alone", "age_with_gir", "least_disability")
    )
    age, rate = situations.number("aided_person_age_years"), situations.number("disability_pct")
    gir, pch = situations.flag("gir_1_to_6"), situations.flag("pch")
    disabled = any_of(_reaches(rate, disability), pch)
    old = _reaches(age, alone)
    occupant = any_of(old, all_of(_reaches(age, with_gir), gir), disabled)
    # A landlord's works answer a tenant's loss of autonomy: age alone does not open the aid.
    codes = np.where(landlord, any_of(gir, disabled), occupant).astype(np.int8)
    published = None not in (alone, with_gir, disability)
    # A GIR is asked of whom it can help: from sixty, unless the age alone suffices.
    gir_helps = landlord | ((old != YES_CODE) & (_reaches(age, with_gir) != NO_CODE))
    asked = {
        "aided_person_age_years": np.isnan(age) & ~landlord,
        "gir_1_to_6": (gir == UNKNOWN_CODE) & gir_helps,
        "disability_pct": np.isnan(rate) & (pch != YES_CODE),
        "pch": pch == UNKNOWN_CODE,
    }
    judgement.require(
        "person",
        codes,
        sentence=lambda row: _person_fr(bool(landlord[row]), alone, with_gir, disability),
        needs={name: rows & published for name, rows in asked.items()}
        | {"published_rule": np.full(judgement.n, not published)},
        facts=facts(alone, with_gir, disability),
    )


def _reaches(values: Euros, least: DatedValue | None) -> Codes:
    known = ~np.isnan(values) & (least is not None)
    return codes_from_condition(values >= number_of(least), known)


def _person_fr(
    landlord: bool,
    alone: DatedValue | None,
    with_gir: DatedValue | None,
    disability: DatedValue | None,
) -> str:
    disabled = (
        f"un taux d’incapacité d’au moins {plain_fr(number_of(disability))} %, ou la prestation de "
        "compensation du handicap (PCH)"
    )
    if landlord:
        return f"Le locataire a un GIR de 1 à 6, ou {disabled}."
    return (
        f"La personne a {plain_fr(number_of(alone))} ans ou plus, ou "
        f"{plain_fr(number_of(with_gir))} ans et un GIR de 1 à 6, ou {disabled}."
    )


def _require_income(judgement: Judgement, who: Applicants, landlord: Flags, on: date) -> None:
    rate = fact_on("maprimeadapt.rate", on)
    rates = who.amounts(rate)
    within = codes_from_condition(rates > 0, ~np.isnan(rates))
    judgement.require(
        "income",
        np.where(landlord, np.int8(YES_CODE), within).astype(np.int8),
        sentence=lambda row: (
            "Les revenus du bailleur ne sont pas une condition."
            if landlord[row]
            else f"Revenus {who.label_fr(row)} ; l’aide va aux « très modestes » et « modestes »."
        ),
        needs={name: rows & ~landlord for name, rows in who.needs.items()},
        facts=facts(rate),
    )


def _lay_amounts(
    judgement: Judgement, situations: Situations, who: Applicants, landlord: Flags, on: date
) -> None:
    rate, cap = fact_on("maprimeadapt.rate", on), fact_on("maprimeadapt.works_cap", on)
    let_rate, let_spending, let_area = (
        fact_on(f"maprimeadapt.landlord_{name}", on)
        for name in ("rate", "spending_per_m2", "most_area")
    )
    works, area = situations.number("adaptation_works_ht_eur"), situations.number("floor_area_m2")
    let_cap = number_of(let_spending) * np.minimum(area, number_of(let_area))
    counted = np.minimum(works, np.where(landlord, let_cap, number_of(cap)))
    rates = np.where(landlord, number_of(let_rate), who.amounts(rate))
    base_needs = {
        "adaptation_works_ht_eur": np.isnan(works),
        "floor_area_m2": landlord & np.isnan(area),
        "published_rule": np.full(judgement.n, cap is None) | (landlord & (let_spending is None)),
    }
    judgement.amount(
        "counted",
        counted,
        sentence=lambda row: (
            f"Travaux retenus, hors taxes : {euros_or_unknown_fr(float(counted[row]))} sur "
            f"{euros_or_unknown_fr(float(works[row]))}."
        ),
        needs=base_needs,
        facts=facts(cap),
    )
    aid = counted * rates / 100
    judgement.amount(
        "rate",
        aid,
        sentence=lambda row: f"Taux de l’aide : {plain_fr(float(rates[row]))} %.",
        needs={**base_needs, **{name: rows & ~landlord for name, rows in who.needs.items()}},
        facts=facts(rate),
    )
    let_facts = facts(let_rate, let_spending, let_area)
    judgement.amount(
        "landlord",
        aid,
        sentence=lambda row: (
            "Le bailleur a son propre taux et son propre plafond, au mètre carré."
            if landlord[row]
            else "L’aide est celle d’un occupant."
        ),
        row_facts=lambda row: let_facts if landlord[row] else (),
        row_ranks=np.where(landlord, np.int8(lowest_rank(let_facts)), np.int8(HIGH)),
        changes=landlord,
    )
