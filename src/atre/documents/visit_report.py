"""The visit report that a household keeps: what we saw, what to do, whom to call. Dataclass in, PDF out."""

from atre.documents.engine import Template, compile_pdf
from atre.documents.people import Addressee, AgencyIdentity, ContactPerson
from atre.documents.visit_content import (
    BillReading,
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
)
from atre.documents.visit_report_view import visit_report_data

__all__ = [
    "Addressee",
    "AgencyIdentity",
    "BillReading",
    "ContactPerson",
    "DwellingFacts",
    "EnergyUse",
    "EquipmentGiven",
    "EstimatedSaving",
    "Finding",
    "GestureAdvised",
    "NextStep",
    "PrivacyNotice",
    "RoomMeasure",
    "ServiceReferral",
    "VisitReport",
    "render_visit_report",
]


def render_visit_report(report: VisitReport) -> bytes:
    """Return the report as an accessible PDF (PDF/UA-1, French). Same report, same bytes.

    Raises DocumentError when the PDF cannot be made.
    """
    return compile_pdf(Template.VISIT_REPORT, visit_report_data(report), issued_on=report.issued_on)
