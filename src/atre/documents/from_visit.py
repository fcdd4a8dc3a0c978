"""The household's report, drawn from a sealed visit and its case."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from atre.calc.wording import number_fr
from atre.documents.visit_report import (
    Addressee,
    AgencyIdentity,
    BillReading,
    ContactPerson,
    DwellingFacts,
    EnergyUse,
    EquipmentGiven,
    EstimatedSaving,
    Finding,
    GestureAdvised,
    NextStep,
    PrivacyNotice,
    RoomMeasure,
    ServiceReferral,
    VisitReport,
    render_visit_report,
)
from atre.domain.agencies.models import Agency
from atre.domain.households.enums import ConsentKind, Difficulty
from atre.domain.households.models import Case, Consent
from atre.domain.visits import catalogue, savings
from atre.domain.visits.enums import VisitState
from atre.domain.visits.models import Visit

# CNIL: two years after the last contact.
KEPT_YEARS = 2
READINGS = {
    "read": BillReading.READ,
    "estimated": BillReading.ESTIMATED,
    "partly_estimated": BillReading.PARTLY_ESTIMATED,
    "unknown": BillReading.UNKNOWN,
}
DIFFICULTIES = {
    Difficulty.HIGH_BILLS: "Vos factures d’énergie ou d’eau sont élevées.",
    Difficulty.TROUBLE_PAYING: "Vous avez du mal à payer vos factures.",
    Difficulty.TOO_COLD_OR_HOT: "Vous avez trop froid l’hiver, ou trop chaud l’été.",
    Difficulty.DAMP: "Il y a de l’humidité dans votre logement.",
}


def visit_report_pdf(*, case: Case, visit: Visit, issued_on: date) -> bytes:
    """The PDF/UA report of a sealed visit. ValueError when it is not sealed; DocumentError.

    `issued_on` is the day printed on it; the same visit and day give the same bytes.
    """
    return render_visit_report(visit_report(case=case, visit=visit, issued_on=issued_on))


def visit_report(
    *,
    case: Case,
    visit: Visit,
    issued_on: date,
    services: Sequence[ServiceReferral] = (),
    private_link: str | None = None,
) -> VisitReport:
    """What the report says. Nothing is invented: what the visit left unknown stays unknown."""
    if visit.state != VisitState.SEALED:
        raise ValueError("a report is made from a sealed visit")
    document = visit.document
    conclusion = document["conclusion"]
    agency = case.programme.agency
    visitors = _visitors(visit)
    return VisitReport(
        reference=case.reference,
        issued_on=issued_on,
        visited_on=visit.visited_on,
        household=_addressee(case),
        programme_name=case.programme.name,
        agency=_agency(agency),
        visitors=visitors,
        main_contact=_main_contact(case, agency),
        dwelling=_dwelling(case, document),
        privacy=PrivacyNotice(
            controller=agency.name,
            contact=agency.email or agency.phone or agency.name,
            kept_years_after_last_contact=KEPT_YEARS,
            shared_with=_shared_with(case),
        ),
        difficulties=tuple(
            words for name, words in DIFFICULTIES.items() if getattr(case, name.value)
        ),
        household_words=conclusion["household_words"],
        uses=tuple(_use(use) for use in document["results"]["uses"]),
        energy_basis=_energy_basis(document),
        findings=tuple(
            Finding(sentence=row["sentence"], caution=row["caution"])
            for row in conclusion["findings"]
            if row["sentence"]
        ),
        equipment=tuple(
            EquipmentGiven(
                item=catalogue.EQUIPMENT[row["item"]].label,
                quantity=row["quantity"],
                purpose=row["note"] or catalogue.EQUIPMENT[row["item"]].purpose,
            )
            for row in document["equipment"]
            if row["item"]
        ),
        gestures=_gestures(visit),
        steps=tuple(_step(row, agency) for row in conclusion["next_steps"] if row["action"]),
        services=tuple(services),
        visitor_note=conclusion["visitor_note"],
        private_link=private_link,
    )


def _visitors(visit: Visit) -> tuple[str, ...]:
    people = []
    if visit.appointment is not None:
        rows = visit.appointment.visitors.select_related("user").order_by("pk")
        people = [row.user.full_name for row in rows]
    return tuple(people) or (visit.author.user.full_name,)


def _addressee(case: Case) -> Addressee:
    home = case.dwelling
    lines = [home.address_extra, home.address_line, f"{home.postal_code} {home.commune.name}"]
    name = f"{case.household.first_name} {case.household.last_name}"
    return Addressee(name=name, address_lines=tuple(line for line in lines if line))


def _agency(agency: Agency) -> AgencyIdentity:
    return AgencyIdentity(
        name=agency.name,
        address_lines=tuple(line for line in agency.postal_address.splitlines() if line.strip()),
        phone=agency.phone or None,
        email=agency.email or None,
        website=agency.website or None,
    )


def _main_contact(case: Case, agency: Agency) -> ContactPerson:
    if case.adviser is not None:
        return ContactPerson(
            name=case.adviser.user.full_name,
            role="suit votre dossier",
            phone=agency.phone or None,
            email=agency.email or None,
        )
    return ContactPerson(
        name=agency.name,
        role="répond à vos questions",
        phone=agency.phone or None,
        email=agency.email or None,
    )


def _dwelling(case: Case, document: dict[str, Any]) -> DwellingFacts:
    home, heating, water = document["dwelling"], document["heating"], document["hot_water"]
    tenure = case.household.get_tenure_display().lower() if case.household.tenure else None
    return DwellingFacts(
        kind=catalogue.label("dwelling_kind", home["kind"]),
        tenure=tenure,
        floor_area_m2=_decimal(home["floor_area_m2"]),
        built=catalogue.label("built", home["built"]),
        occupants=home["occupants"],
        heating=_equipment_words("heating_system", heating),
        hot_water=_equipment_words("hot_water_system", water),
        ventilation=catalogue.label("ventilation", home["ventilation"]),
        dpe_class=home["dpe_class"],
        measures=tuple(
            RoomMeasure(
                room=row["room"] or f"Pièce {rank}",
                temperature_c=_decimal(row["temperature_c"]),
                humidity_percent=_decimal(row["humidity_percent"]),
            )
            for rank, row in enumerate(document["comfort"]["measures"], start=1)
        ),
    )


def _equipment_words(choices: str, part: dict[str, Any]) -> str | None:
    words = [
        catalogue.label(choices, part["system"]),
        catalogue.label("energy", part["energy"]),
        catalogue.label("scope", part["scope"]),
    ]
    known = [word for word in words if word]
    return ", ".join([known[0], *(word.lower() for word in known[1:])]) if known else None


def _use(use: dict[str, Any]) -> EnergyUse:
    return EnergyUse(
        energy=use["label"],
        unit=use["unit"],
        quantity=_decimal(use["quantity"]),
        cost_eur=_decimal(use["euros"]),
        period_start=date.fromisoformat(use["period_start"]),
        period_end=date.fromisoformat(use["period_end"]),
        covered_days=use["covered_days"],
        reading=READINGS[use["reading"]],
        annual_quantity=_decimal(use["annual_quantity"]),
        annual_cost_eur=_decimal(use["annual_euros"]),
        annual_unknown_because=use["annual_unknown_because"],
    )


def _energy_basis(document: dict[str, Any]) -> str | None:
    energies = {use["energy"] for use in document["results"]["uses"]} - {"water"}
    if not energies:
        return None
    fuels = energies - {"electricity", "district_heat"}
    basis = "Les combustibles sont comptés en kWh PCS, comme sur les factures de gaz. "
    return (basis if fuels else "") + "Les montants sont toutes taxes comprises"


def _gestures(visit: Visit) -> tuple[GestureAdvised, ...]:
    estimates = {row.code: row for row in savings.estimated_saving(visit).gestures}
    rows = []
    for row in visit.document["gestures"]:
        if row["code"] is None:
            continue
        gesture = catalogue.GESTURES[row["code"]]
        parts = [gesture.text, row["note"]]
        if gesture.saving is not None and row["code"] not in estimates:
            parts.append(_quoted(gesture.saving))
        rows.append(
            GestureAdvised(
                text=" ".join(_sentence(part) for part in parts if part),
                saving=_estimate(estimates.get(row["code"])),
            )
        )
    return tuple(rows)


def _quoted(saving: catalogue.SourcedSaving) -> str:
    low, high = number_fr(saving.low), number_fr(saving.high)
    amount = low if low == high else f"{low} à {high}"
    return f"En général : {amount} {saving.unit_fr} de moins sur {saving.of_fr} ({saving.source})"


def _estimate(estimate: savings.GestureEstimate | None) -> EstimatedSaving | None:
    if estimate is None:
        return None
    if estimate.low_euros is not None and estimate.high_euros is not None:
        low, high, unit = estimate.low_euros, estimate.high_euros, "€"
    else:
        low, high, unit = estimate.low_kwh, estimate.high_kwh, "kWh"
    return EstimatedSaving(low=low, high=high, unit=unit, source=estimate.source)


def _step(row: dict[str, Any], agency: Agency) -> NextStep:
    who = {"household": "vous", "partner": row["partner"] or "un autre service"}
    return NextStep(
        action=row["action"],
        who=who.get(row["who"], agency.name),
        by_household=row["who"] == "household",
        due=date.fromisoformat(row["due"]) if row["due"] else None,
    )


def _shared_with(case: Case) -> tuple[str, ...]:
    standing = Consent.objects.filter(
        agency_id=case.agency_id, case=case, withdrawn_at__isnull=True
    ).prefetch_related("partners")
    names: list[str] = []
    for consent in standing:
        if consent.kind == ConsentKind.INFORM_REFERRER and case.referrer is not None:
            names.append(str(case.referrer.organisation or case.referrer.user.full_name))
        if consent.kind == ConsentKind.SHARE_WITH_PARTNERS:
            names += [str(partner) for partner in consent.partners.all()]
    return tuple(dict.fromkeys(names))


def _decimal(value: str | int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
