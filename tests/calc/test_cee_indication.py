"""What the trace says a CEE offer might be: which price, which input lacks, what is in dispute."""

from datetime import date

from atre.calc.aids.cee import cee
from atre.calc.aids.examples import EXAMPLE_WORKS, example_project, works_of
from atre.calc.aids.result import AidAnswer

PUMP = EXAMPLE_WORKS[2:3]
FAN = EXAMPLE_WORKS[3:]
JUNE = date(2026, 6, 1)
# 79 500 kWh × 1 (95 m²) × 1 (H2) × 5: 397.5 MWh cumac.
KNOWN = {"pac_etas_at_least_140": False}


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def judged(on: date = JUNE, works=PUMP, **changed) -> AidAnswer:
    return cee(example_project(works=works_of(works), **changed), on).explain()


def indication(on: date = JUNE, works=PUMP, **changed) -> str:
    steps = judged(on, works, **changed).steps
    return plain(next(step.sentence_fr for step in steps if step.name == "indication"))


def test_the_two_lectures_of_the_end_of_2025_are_both_said():
    for day, said in (
        (date(2025, 9, 30), False),
        (date(2025, 10, 1), True),
        (date(2025, 12, 31), True),
        (date(2026, 1, 1), False),
    ):
        cautions = plain(" ".join(judged(day, **KNOWN).cautions_fr))
        assert ("deux lectures" in cautions) is said, day


def test_works_without_a_heat_pump_are_not_told_of_that_dispute():
    cautions = " ".join(judged(date(2025, 11, 3), works=FAN).cautions_fr)
    assert "deux lectures" not in cautions


def test_a_very_modest_household_is_priced_as_precarite():
    assert "de 3 577,5 € à 5 167,5 €" in indication(**KNOWN).replace(",50", ",5")
    assert "précarité" in indication(**KNOWN)


def test_any_other_class_is_priced_as_classique():
    for rfr in (22_000, 30_000, 90_000):
        said = indication(rfr_eur=rfr, **KNOWN).replace(",50", ",5").replace(",75", ",8")
        assert "de 3 378,8 € à 3 577,5 €" in said
        assert "classique" in said


def test_an_unknown_class_has_the_whole_range_and_is_told_so():
    said = indication(rfr_eur=None, **KNOWN).replace(",50", ",5").replace(",75", ",8")
    assert "de 3 378,8 € à 5 167,5 €" in said
    assert "catégorie de revenus inconnue" in said


def test_the_input_that_the_indication_lacks_is_named():
    lacking = "la zone climatique et l’efficacité saisonnière (Etas) de la pompe à chaleur"
    assert f"il manque {lacking}" in indication(cee_zone=None)
    assert "publié" not in indication(cee_zone=None)
    assert "il manque la surface habitable" in indication(floor_area_m2=None, **KNOWN)
    assert "il manque" not in indication(**KNOWN)


def test_the_volume_of_a_house_is_not_given_to_an_apartment():
    assert "Aucun montant indicatif" in indication(dwelling_kind="apartment", **KNOWN)
    assert "il manque le type de logement" in indication(dwelling_kind=None, **KNOWN)


def test_works_for_which_nothing_is_published_lack_no_input():
    assert indication(works=FAN).startswith("Aucun montant indicatif n’est publié")


def test_a_minimum_by_class_waits_for_the_income():
    said = indication(date(2025, 6, 2), rfr_eur=None)
    assert "il manque le revenu fiscal de référence" in said
