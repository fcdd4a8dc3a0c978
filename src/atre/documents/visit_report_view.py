"""A visit report as the template reads it: strings in their printed form, nothing left to compute but positions."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from atre.calc.wording import list_fr, persons_fr
from atre.documents.energy_drawing import annual_drawing
from atre.documents.french import (
    UNKNOWN,
    french_date,
    french_period,
    french_phone,
    french_quantity,
    french_range,
    sentence,
)
from atre.documents.people import addressee_data, agency_data, contact_data
from atre.documents.private_link import private_link_data
from atre.documents.visit_content import (
    DwellingFacts,
    EnergyUse,
    EquipmentGiven,
    GestureAdvised,
    NextStep,
    PrivacyNotice,
    ServiceReferral,
    VisitReport,
)

NOT_QUANTIFIED = "non chiffré"


def visit_report_data(report: VisitReport) -> dict[str, Any]:
    """Return what `visit_report.typ` prints, as JSON types."""
    return {
        "title": f"Compte rendu de votre visite énergie, dossier {report.reference}",
        "reference": report.reference,
        "programme": report.programme_name,
        "agency": agency_data(report.agency),
        "addressee": addressee_data(report.household),
        "greeting": f"Bonjour {report.household.name},",
        "visited_on": french_date(report.visited_on),
        "issued_on_text": french_date(report.issued_on),
        "visitors": list_fr(report.visitors),
        "main_contact": contact_data(report.main_contact),
        "essentials": _essentials(report.steps),
        "steps": [_step(step) for step in report.steps],
        "difficulties": list(report.difficulties),
        "household_words": report.household_words,
        "dwelling": _dwelling_rows(report.dwelling),
        "measures": _measure_rows(report.dwelling),
        "uses": [_use_row(use) for use in report.uses],
        "annual": [_annual_row(use) for use in report.uses],
        "annual_reasons": [
            {"energy": use.energy, "reason": sentence(use.annual_unknown_because)}
            for use in report.uses
            if use.annual_unknown_because
        ],
        "drawing": annual_drawing(report.uses),
        "energy_basis": sentence(report.energy_basis) if report.energy_basis else None,
        "findings": [
            {
                "sentence": sentence(finding.sentence),
                "caution": sentence(finding.caution) if finding.caution else None,
            }
            for finding in report.findings
        ],
        "equipment": [_equipment_row(given) for given in report.equipment],
        "gestures": [_gesture(gesture) for gesture in report.gestures],
        "services": [_service_row(service) for service in report.services],
        "other_contacts": [contact_data(contact) for contact in report.other_contacts],
        "visitor_note": report.visitor_note,
        "privacy": _privacy_paragraphs(report.privacy),
        "private_link": private_link_data(report.private_link) if report.private_link else None,
    }


def _essentials(steps: Sequence[NextStep]) -> dict[str, Any]:
    """The two first cards: the next thing others do, and what the household has to do."""
    ours = [step for step in steps if not step.by_household]
    theirs = [step for step in steps if step.by_household]
    return {
        "next": _step(ours[0]) if ours else None,
        "more_next": len(ours) > 1,
        "to_do": [_step(step) for step in theirs[:2]],
        "more_to_do": len(theirs) > 2,
    }


def _step(step: NextStep) -> dict[str, Any]:
    return {
        "action": sentence(step.action),
        "who": "Vous" if step.by_household else step.who,
        "due": f"avant le {french_date(step.due)}" if step.due else "sans date fixée",
    }


def _dwelling_rows(dwelling: DwellingFacts) -> list[dict[str, str]]:
    people = None if dwelling.occupants is None else persons_fr(dwelling.occupants)
    facts = [
        ("Logement", dwelling.kind),
        ("Vous êtes", dwelling.tenure),
        ("Surface", french_quantity(dwelling.floor_area_m2, "m²")),
        ("Construction", dwelling.built),
        ("Vous vivez à", people),
        ("Chauffage", dwelling.heating),
        ("Eau chaude", dwelling.hot_water),
        ("Aération", dwelling.ventilation),
        ("Étiquette énergie (DPE)", dwelling.dpe_class),
    ]
    return [{"label": label, "value": value or UNKNOWN} for label, value in facts]


def _measure_rows(dwelling: DwellingFacts) -> list[dict[str, str]]:
    return [
        {
            "room": measure.room,
            "temperature": french_quantity(measure.temperature_c, "°C"),
            "humidity": french_quantity(measure.humidity_percent, "%"),
        }
        for measure in dwelling.measures
    ]


def _use_row(use: EnergyUse) -> dict[str, str]:
    return {
        "energy": use.energy,
        "period": french_period(use.period_start, use.period_end),
        "coverage": _coverage(use),
        "reading": use.reading.value,
        "quantity": french_quantity(use.quantity, use.unit),
        "cost": french_quantity(use.cost_eur, "€"),
    }


def _coverage(use: EnergyUse) -> str:
    if use.covered_days is None:
        return f"jours couverts par une facture : {UNKNOWN}"
    many = "s" if use.covered_days > 1 else ""
    days = f"{french_quantity(use.covered_days, f'jour{many}')} couvert{many} par une facture"
    if use.period_start is None or use.period_end is None:
        return days
    return f"{days}, sur {(use.period_end - use.period_start).days}"


def _annual_row(use: EnergyUse) -> dict[str, str]:
    return {
        "energy": use.energy,
        "quantity": french_quantity(use.annual_quantity, use.unit),
        "cost": french_quantity(use.annual_cost_eur, "€"),
    }


def _equipment_row(given: EquipmentGiven) -> dict[str, str]:
    quantity = UNKNOWN if given.quantity is None else str(given.quantity)
    return {"item": given.item, "quantity": quantity, "purpose": sentence(given.purpose)}


def _gesture(gesture: GestureAdvised) -> dict[str, str | None]:
    saving = gesture.saving
    if saving is None:
        return {"text": sentence(gesture.text), "saving": NOT_QUANTIFIED, "source": None}
    low, high = Decimal(saving.low), Decimal(saving.high)
    return {
        "text": sentence(gesture.text),
        "saving": f"{french_range(low, high, saving.unit)} par an",
        "source": saving.source,
    }


def _service_row(service: ServiceReferral) -> dict[str, str]:
    return {
        "name": service.name,
        "purpose": sentence(service.purpose),
        "state": service.state or UNKNOWN,
        "phone": french_phone(service.phone) if service.phone else UNKNOWN,
    }


def _privacy_paragraphs(privacy: PrivacyNotice) -> list[str]:
    years = privacy.kept_years_after_last_contact
    kept = "un an" if years == 1 else f"{years} ans"
    shared = (
        f"Avec votre accord, elles sont partagées avec : {list_fr(privacy.shared_with)}."
        if privacy.shared_with
        else "Elles ne sont partagées avec aucun autre service."
    )
    return [
        f"{privacy.controller} garde vos informations pour suivre votre dossier. {shared}",
        f"Elles sont effacées {kept} après notre dernier contact.",
        "Vous pouvez les lire, les faire corriger ou les faire effacer. Vous pouvez aussi retirer "
        f"votre accord, à tout moment et sans explication. Écrivez à : {privacy.contact}.",
        "Si notre réponse ne vous convient pas, vous pouvez écrire à la CNIL : www.cnil.fr.",
    ]
