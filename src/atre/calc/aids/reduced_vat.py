"""What the reduced rates of VAT spare a project, line by line of its works."""

from datetime import date

import numpy as np

from atre.calc.aids.explanation import HIGH
from atre.calc.aids.judgement import Judgement
from atre.calc.aids.plain_numbers import euros_or_unknown_fr, plain_fr
from atre.calc.aids.result import Aid, AidResults, Euros, Flags, Ranks
from atre.calc.aids.situation import Situations, Works
from atre.calc.aids.situation_fields import GESTE_LABELS_FR, GESTES_BY_CODE, Geste
from atre.calc.aids.vat import VatRates, vat_rates
from atre.calc.aids.vat_table import VAT_WORKS_BY_CODE, VatWorks, vat_table
from atre.calc.parameters import DatedValue
from atre.calc.three_valued import NO_CODE, UNKNOWN_CODE, YES_CODE, Codes

# A tank removed alone and an audit have rates we have not read: their lines stay unknown.
_OTHER_KINDS = {
    Geste.CHAUDIERE_GAZ: VatWorks.FOSSIL_BOILER,
    Geste.CHAUDIERE_FIOUL: VatWorks.FOSSIL_BOILER,
    Geste.PAC_AIR_AIR: VatWorks.AIR_TO_AIR_HEAT_PUMP,
    Geste.PHOTOVOLTAIQUE: VatWorks.SOLAR_PANELS,
    Geste.VMC_DF: VatWorks.VENTILATION,
    Geste.VMC_SF: VatWorks.VENTILATION,
    Geste.DEPOSE_CUVE_FIOUL: None,
    Geste.AUDIT: None,
}


def _vat_code(geste: Geste) -> int:
    kind = _OTHER_KINDS.get(geste, VatWorks.ENERGY)
    return UNKNOWN_CODE if kind is None else VAT_WORKS_BY_CODE.index(kind)


_VAT_BY_GESTE = np.array([_vat_code(geste) for geste in GESTES_BY_CODE], dtype=np.int8)


def works_vat_rates(situations: Situations, works: Works, on: date) -> VatRates:
    """The rate of each line of works, %, shape (m,), from its geste and its household's dwelling.

    `works`: the lines of the n `situations`. Reads `dwelling_age_years`, `dwelling_in_metropole`,
    `solar_power_kwc`; NaN where one that bears on the line is unknown. Source: parameters `vat.*`.

    >>> from atre.calc.aids.examples import works_of
    >>> one = Situations.of(1, dwelling_age_years=30, dwelling_in_metropole=True)
    >>> line = works_of(((Geste.ITE, 80, 12000, 12660),))
    >>> works_vat_rates(one, line, date(2026, 6, 1)).rate_pct.tolist()
    [5.5]
    """
    rows = works.household
    return vat_rates(
        _VAT_BY_GESTE[works.geste],
        situations.number("dwelling_age_years")[rows],
        on,
        in_metropole=situations.flag("dwelling_in_metropole")[rows],
        solar_power_kwc=situations.number("solar_power_kwc")[rows],
    )


def reduced_vat(situations: Situations, on: date) -> AidResults:
    """What n projects save against the normal rate, in euros, by the rates of one day.

    Reads the works and their cost before tax, `dwelling_age_years`, `dwelling_in_metropole`,
    `solar_power_kwc`. Not eligible when every line is at the normal rate.

    >>> from atre.calc.aids.examples import works_of
    >>> one = Situations.of(1, dwelling_age_years=30, dwelling_in_metropole=True,
    ...     works=works_of(((Geste.ITE, 80, 12000, 12660),)))
    >>> reduced_vat(one, date(2026, 6, 1)).amount_eur.tolist()
    [1740.0]
    """
    judgement = Judgement(Aid.REDUCED_VAT, on=on, n=situations.n)
    works = situations.works
    if works is None or works.household.size == 0:
        nothing = np.full(situations.n, UNKNOWN_CODE, dtype=np.int8)
        judgement.require(
            "reduced_rate",
            nothing,
            sentence=lambda row: "Aucune ligne de travaux n’est indiquée.",
            needs={"works": np.ones(situations.n, np.bool_)},
        )
        return judgement.results()
    rates = works_vat_rates(situations, works, on)
    return _judged(judgement, situations, works, rates)


def _judged(
    judgement: Judgement, situations: Situations, works: Works, rates: VatRates
) -> AidResults:
    n = situations.n
    normal = vat_table(rates.on).normal_pct
    needs = _needs(works, rates, n)
    ranks = _lowest_ranks(works, rates, n)

    def read(row: int) -> tuple[DatedValue, ...]:
        return _facts_of(works, rates, row)

    judgement.require(
        "reduced_rate",
        _any_reduced(works, rates, normal, n),
        sentence=lambda row: "Au moins une ligne de travaux a un taux réduit.",
        needs=needs,
        row_facts=read,
        row_ranks=ranks,
    )
    spared: Euros = works.cost_ht_eur * (normal - rates.rate_pct) / 100
    saved = works.total(spared, n)
    judgement.amount(
        "saved",
        saved,
        sentence=lambda row: (
            f"{_rates_fr(works, rates, row)} Par rapport au taux normal de {plain_fr(normal)} %, la "
            f"TVA réduite épargne {euros_or_unknown_fr(float(saved[row]))}."
        ),
        needs={**needs, "works.cost_ht_eur": works.any_of(np.isnan(works.cost_ht_eur), n)},
        row_facts=read,
        row_ranks=ranks,
    )
    judgement.caution(
        np.ones(n, np.bool_),
        "Le taux réduit suppose que le matériel a les performances demandées ; l’entreprise "
        "en répond sur sa facture.",
    )
    return judgement.results()


def _lines(works: Works, row: int) -> list[int]:
    return [int(line) for line in np.flatnonzero(works.household == row)]


def _facts_of(works: Works, rates: VatRates, row: int) -> tuple[DatedValue, ...]:
    """The facts behind the rates of one household's lines, each once."""
    known = [line for line in _lines(works, row) if not np.isnan(rates.rate_pct[line])]
    read = {fact.key: fact for line in known for fact in rates.facts(line)}
    return tuple(read.values())


def _lowest_ranks(works: Works, rates: VatRates, n: int) -> Ranks:
    ranks = np.full(n, HIGH, dtype=np.int8)
    known = ~np.isnan(rates.rate_pct)
    np.minimum.at(ranks, works.household[known], rates.confidence[known])
    return ranks


def _needs(works: Works, rates: VatRates, n: int) -> dict[str, Flags]:
    needs = {"works": ~works.any_of(np.ones(works.household.shape, np.bool_), n)}
    for name, lines in rates.lacks.items():
        # A line whose kind has no rate we know waits for a rule, not for the household.
        said = "published_rule" if name == "vat_works" else name
        needs[said] = works.any_of(lines, n) | needs.get(said, np.zeros(n, np.bool_))
    return needs


def _any_reduced(works: Works, rates: VatRates, normal: float, n: int) -> Codes:
    reduced = works.any_of(rates.rate_pct < normal, n)
    unsure: Flags = works.any_of(np.isnan(rates.rate_pct), n)
    unsure |= ~works.any_of(np.ones(works.household.shape, np.bool_), n)
    codes = np.where(unsure, UNKNOWN_CODE, NO_CODE)
    return np.where(reduced, YES_CODE, codes).astype(np.int8)


def _rates_fr(works: Works, rates: VatRates, row: int) -> str:
    said = [
        f"{GESTE_LABELS_FR[GESTES_BY_CODE[works.geste[line]]]} {_pct_fr(rates.rate_pct[line])}"
        for line in _lines(works, row)
    ]
    return f"TVA : {', '.join(said)}."


def _pct_fr(rate_pct: float) -> str:
    return "à un taux inconnu" if np.isnan(rate_pct) else f"{plain_fr(float(rate_pct))} %"
