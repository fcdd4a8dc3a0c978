"""The income class of who asks, by the address that counts: the dwelling's, or the landlord's own.

Mes Aides Réno, version 2.3.0: an owner-occupier is classed by the renovated dwelling's region, a
landlord by that of their own main residence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from atre.calc.aids.ceilings import CLASSES_BY_CODE, UNKNOWN_CLASS
from atre.calc.aids.facts_on import by_code, fact_on, facts
from atre.calc.aids.income_class import income_class
from atre.calc.aids.income_class_answer import IncomeClassAnswer, explain_income_class
from atre.calc.aids.judgement import Judgement
from atre.calc.aids.result import Euros, Flags, cents
from atre.calc.aids.situation import Situations
from atre.calc.parameters import DatedValue, UnknownParameter
from atre.calc.three_valued import UNKNOWN_CODE, YES_CODE, Codes, codes_from_condition

CLASS_NAMES = tuple(str(one) for one in CLASSES_BY_CODE)


@dataclass(frozen=True, slots=True)
class Applicants:
    """n applicants: `codes` int8 (n,), -1 unknown; `needs` says what each unknown one lacks.

    `in_idf` int8 (n,): the region that classed them. The other columns are those of the situation.
    """

    on: date
    codes: Codes
    in_idf: Codes
    rfr_eur: Euros
    persons: Euros
    needs: Mapping[str, Flags]
    within_last_euro: Flags

    def answer(self, row: int) -> IncomeClassAnswer:
        """The class of one applicant with its ceiling and source."""
        size, region = self.persons[row], int(self.in_idf[row])
        return explain_income_class(
            rfr_eur=cents(float(self.rfr_eur[row])),
            persons=None if np.isnan(size) else int(size),
            in_idf=None if region == UNKNOWN_CODE else region == YES_CODE,
            on=self.on,
        )

    def ceilings_read(self, row: int) -> tuple[DatedValue, ...]:
        """The table that bounds the class of one applicant, if the class is known."""
        key = self.answer(row).table_key
        return () if key is None else facts(fact_on(key, self.on))

    def label_fr(self, row: int) -> str:
        code = int(self.codes[row])
        return "de catégorie inconnue" if code < 0 else f"« {CLASSES_BY_CODE[code].label_fr} »"

    def amounts(self, fact: DatedValue | None) -> Euros:
        """Each applicant's number in an amount by income class, NaN where unknown."""
        return by_code(fact, CLASS_NAMES, self.codes)


def applicants(situations: Situations, on: date) -> Applicants:
    """Class n applicants by the ceilings of the deposit date; codes as `income_class`, (n,).

    Reads `rfr_eur` (euros a year), `persons`, `occupancy`, `dwelling_in_idf`, `owner_in_idf`.
    On a day whose ceilings are not published every class is unknown, and the rule is what lacks.
    Source: parameters `anah.ceilings.*`; Mes Aides Réno 2.3.0 for the address that counts.

    The owner-occupier is classed outside Île-de-France, the landlord by their own address in it:

    >>> two = Situations.of(2, occupancy=["owner_occupier", "landlord"], rfr_eur=24000, persons=1,
    ...     dwelling_in_idf=False, owner_in_idf=True)
    >>> applicants(two, date(2026, 6, 1)).codes.tolist()
    [2, 0]
    """
    region, region_needs = _region(situations)
    rfr, persons = situations.number("rfr_eur"), situations.number("persons")
    try:
        codes = income_class(rfr, persons, region, on)
        last_euro = _within_last_euro(codes, situations, region, on)
        published = True
    except UnknownParameter:
        codes = np.full(situations.n, UNKNOWN_CLASS, dtype=np.int8)
        last_euro = np.zeros(situations.n, np.bool_)
        published = False
    needs = {
        "rfr_eur": np.isnan(rfr),
        "persons": np.isnan(persons),
        **region_needs,
        "published_rule": np.full(situations.n, not published),
    }
    return Applicants(on, codes, region, rfr, persons, needs, last_euro)


def lay_income_class(judgement: Judgement, who: Applicants) -> None:
    """The step that classes the income, where every class is admitted: it is known or lacks.

    `judgement` and `who` are of the same n households; the ceilings read are its facts. Source:
    parameters `anah.ceilings.*`.

    >>> from atre.calc.aids.result import Aid
    >>> on = date(2026, 6, 1)
    >>> who = applicants(Situations.of(2, occupancy="owner_occupier", rfr_eur=[24000, None],
    ...     persons=1, dwelling_in_idf=False), on)
    >>> judgement = Judgement(Aid.MPR_AMPLEUR, on=on, n=2)
    >>> lay_income_class(judgement, who)
    >>> judgement.eligible().tolist(), judgement.results().missing["rfr_eur"].tolist()
    ([1, -1], [False, True])
    """
    known = who.codes != UNKNOWN_CLASS
    judgement.require(
        "income_class",
        codes_from_condition(known, known),
        sentence=lambda row: who.answer(row).sentence_fr,
        needs=who.needs,
        row_facts=who.ceilings_read,
    )


def caution_last_euro(judgement: Judgement, who: Applicants) -> None:
    """The income sits between a ceiling and the next euro: the notice must be read again.

    One person outside Île-de-France was « très modestes » up to 17 363 € on 1 June 2026.

    >>> from atre.calc.aids.result import Aid
    >>> on = date(2026, 6, 1)
    >>> who = applicants(Situations.of(2, occupancy="owner_occupier", rfr_eur=[17363.5, 17363],
    ...     persons=1, dwelling_in_idf=False), on)
    >>> judgement = Judgement(Aid.MPR_AMPLEUR, on=on, n=2)
    >>> caution_last_euro(judgement, who)
    >>> [len(judgement.results().explain(row).cautions_fr) for row in (0, 1)]
    [1, 0]
    """
    judgement.caution(
        who.within_last_euro,
        "Le revenu dépasse un plafond de moins d’un euro. Les avis d’imposition sont en euros "
        "entiers : vérifiez le montant sur l’avis.",
    )


def require_owner(judgement: Judgement, situations: Situations) -> None:
    """Owners only, whether they live there or let it; an occupancy that nobody said stays unknown.

    >>> from atre.calc.aids.result import Aid
    >>> asking = Situations.of(4, occupancy=["owner_occupier", "landlord", "tenant", None])
    >>> judgement = Judgement(Aid.MPR_GESTES, on=date(2026, 6, 1), n=4)
    >>> require_owner(judgement, asking)
    >>> judgement.eligible().tolist()
    [1, 1, 0, -1]
    """
    occupancy = situations.choice("occupancy")
    owners = [situations.rank("occupancy", name) for name in ("owner_occupier", "landlord")]
    judgement.require(
        "owner",
        codes_from_condition(np.isin(occupancy, owners), occupancy != UNKNOWN_CODE),
        sentence=lambda row: "La prime est demandée par le propriétaire, occupant ou bailleur.",
        needs={"occupancy": situations.unknown("occupancy")},
    )


def _region(situations: Situations) -> tuple[Codes, dict[str, Flags]]:
    occupancy = situations.choice("occupancy")
    is_landlord = occupancy == situations.rank("occupancy", "landlord")
    dwelling, owner = situations.flag("dwelling_in_idf"), situations.flag("owner_in_idf")
    region = np.where(is_landlord, owner, dwelling)
    # Without the occupancy the address that counts is unknown, unless both say the same.
    undecided = (occupancy == UNKNOWN_CODE) & (owner != dwelling)
    region = np.where(undecided, np.int8(UNKNOWN_CODE), region).astype(np.int8)
    return region, {
        "occupancy": undecided,
        "owner_in_idf": is_landlord & (owner == UNKNOWN_CODE),
        "dwelling_in_idf": ~is_landlord & (dwelling == UNKNOWN_CODE),
    }


def _within_last_euro(codes: Codes, situations: Situations, region: Codes, on: date) -> Flags:
    rfr = situations.number("rfr_eur")
    found = np.zeros(situations.n, np.bool_)
    broken = np.flatnonzero((rfr != np.floor(rfr)) & (codes != UNKNOWN_CLASS))
    if broken.size:
        above = income_class(
            np.ceil(rfr[broken]), situations.number("persons")[broken], region[broken], on
        )
        found[broken] = above != codes[broken]
    return found
