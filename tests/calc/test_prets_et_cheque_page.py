"""The figures of the page on loans and the chèque are those that the functions give."""

import re
from datetime import date

import pytest

from atre.calc.aids.cheque_energie import cheque_energie
from atre.calc.aids.double_funding import PAIRS, Funding, double_funding
from atre.calc.aids.eco_ptz import WORKS_FR, loan_offer
from atre.calc.aids.examples import works_of
from atre.calc.aids.maprimeadapt import maprimeadapt, maprimeadapt_copropriete
from atre.calc.aids.reduced_vat import reduced_vat, works_vat_rates
from atre.calc.aids.situation import Situations
from atre.calc.aids.situation_fields import Geste
from atre.calc.aids.slime import slime
from atre.calc.aids.vat import vat_rates
from atre.calc.parameters import Confidence, parameter
from atre.calc.parameters.words import CONFIDENCE_FR
from atre.calc.wording import NARROW, NO_BREAK, euros_fr, number_fr
from atre.config.places import ROOT

JUNE = date(2026, 6, 1)
PAGE = (ROOT / "docs" / "explanation" / "prets-et-cheque.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text under one heading of the second level, spaces made plain."""
    found = re.search(rf"^## {re.escape(title)}$(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    assert found, title
    return plain(found[1])


def plain(text: str) -> str:
    return text.replace(NARROW, " ").replace(NO_BREAK, " ")


def euros(amount: float) -> str:
    return plain(euros_fr(round(float(amount), 2)))


def rows_of(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_loan_table_is_the_parameters():
    ceilings = parameter("eco_ptz.ceiling", on=JUNE).named_numbers
    terms = parameter("eco_ptz.longest_term", on=JUNE).named_numbers
    shown = [tuple(row[1:]) for row in rows_of(section("Éco-prêt à taux zéro"))[1:]]
    assert shown == [(euros(ceilings[k]), f"{terms[k]:.0f} ans") for k in WORKS_FR]


def test_the_loan_example():
    couple = Situations.of(
        1,
        occupancy="owner_occupier",
        main_residence=True,
        dwelling_age_years=40,
        dwelling_in_metropole=True,
        rge_firms=True,
        loan_wanted_eur=31_000,
        works=works_of(((Geste.ITE, 90, 18_000, 18_990), (Geste.PAC_AIR_EAU, 1, 15_000, 15_825))),
    )
    offer = loan_offer(couple, JUNE)
    text = section("Éco-prêt à taux zéro")
    for amount in (
        offer.results.amount_eur[0],
        offer.payments.monthly_eur[0],
        offer.payments.last_eur[0],
    ):
        assert euros(amount) in text.split("### Exemple")[1]
    assert f"soit {offer.payments.months[0]:.0f} mois" in text


@pytest.mark.parametrize("rfr_eur", [25_393, 25_394])
def test_the_adaptation_example(rfr_eur):
    couple = Situations.of(
        1,
        occupancy="owner_occupier",
        main_residence=True,
        rfr_eur=rfr_eur,
        persons=2,
        dwelling_in_idf=False,
        aided_person_age_years=72,
        adaptation_works_ht_eur=26_000,
    )
    amount = euros(maprimeadapt(couple, JUNE).amount_eur[0])
    assert amount in section("MaPrimeAdapt’").split("### Exemple")[1]


def test_the_adaptation_sums_of_a_landlord_and_a_copropriete():
    text = section("MaPrimeAdapt’")
    assert euros(maprimeadapt_copropriete(90_000, JUNE)[0]) in text
    for name in ("works_cap", "landlord_spending_per_m2"):
        assert euros(parameter(f"maprimeadapt.{name}", on=JUNE).number) in text
    for amount in parameter("maprimeadapt.amo", on=JUNE).named_numbers.values():
        assert euros(amount) in text


def test_the_vat_example():
    house = Situations.of(
        1,
        dwelling_age_years=30,
        dwelling_in_metropole=True,
        works=works_of(((Geste.ITE, 80, 12_000, 12_660), (Geste.CHAUDIERE_GAZ, 1, 5_000, 6_000))),
    )
    example = section("TVA").split("### Exemple")[1]
    rates = works_vat_rates(house, house.works, JUNE).rate_pct
    for cost, rate in zip(house.works.cost_ht_eur, rates, strict=True):
        assert euros(cost * rate / 100) in example
    assert euros(reduced_vat(house, JUNE).amount_eur[0]) in example


def test_the_vat_table():
    kinds = (
        ("energy", JUNE),
        ("ventilation", date(2025, 1, 1)),
        ("improvement", JUNE),
        ("fossil_boiler", date(2025, 3, 1)),
        ("solar_panels", date(2025, 10, 1)),
        ("air_to_air_heat_pump", date(2026, 7, 18)),
    )
    for (kind, on), row in zip(kinds, rows_of(section("TVA"))[1:], strict=True):
        rate = vat_rates(kind, 30, on, in_metropole=True, solar_power_kwc=9).rate_pct[0]
        assert row[1].startswith(f"{number_fr(rate, 0 if rate == int(rate) else 1)} %")


def test_the_cheque_table_holds_between_its_bounds():
    rows = rows_of(section("Chèque énergie"))[1:]
    for row in rows:
        bounds = [int(found.replace(" ", "")) for found in re.findall(r"([\d ]+) €", row[0])]
        low, below = ([0, *bounds])[-2:]
        for persons, shown in zip((1, 2, 4), row[1:], strict=True):
            units = {1: 1, 2: 1.5, 4: 2.1}[persons]
            for per_unit in (low, below - 0.01):
                amount = cheque_of(per_unit * units, persons).amount_eur[0]
                assert euros(amount) == shown


def test_the_cheque_example():
    found = cheque_of(12_000, 3, alternate_custody_children=1)
    example = section("Chèque énergie").split("### Exemple")[1]
    assert euros(found.amount_eur[0]) in example
    steps = plain(" ".join(step.sentence_fr for step in found.explain(0).steps))
    assert "Unités de consommation : 1,65." in steps
    assert "1,65 unité" in example
    assert "7 272,73 €" in steps
    assert "7 272,73 €" in example


def test_the_slime_example():
    inside, outside = (slime([code], [True], JUNE, local="modestes") for code in (0, 1))
    assert (inside.taken[0], inside.counted[0]) == (1, 1)
    assert (outside.taken[0], outside.counted[0]) == (1, 0)
    ceiling = parameter("anah.ceilings.idf.tres_modestes", on=JUNE).table.persons[0]
    assert euros(ceiling) in section("Slime")
    assert euros(ceiling + 1) in section("Slime")


def test_the_table_of_combinations_says_the_verdicts_and_their_confidence():
    rows = rows_of(section("Double financement"))[1:]
    found = double_funding(dict.fromkeys(Funding, True), True, JUNE)
    for pair, row in zip(PAIRS, rows, strict=True):
        combination = found.combinations[pair]
        assert row[1] in plain(combination.sentence_fr)
        assert combination.fact is not None
        assert CONFIDENCE_FR[Confidence(combination.fact.confidence)].startswith(row[2])


def cheque_of(rfr_eur: float, persons: int, **given: object):
    household = {"alternate_custody_children": 0, **given}
    return cheque_energie(
        Situations.of(
            1,
            rfr_eur=rfr_eur,
            persons=persons,
            main_residence=True,
            residence_sociale=False,
            **household,
        ),
        JUNE,
    )
