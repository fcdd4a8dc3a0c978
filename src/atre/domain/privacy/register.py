"""Every column that a household's life touches, and what its erasure does to it.

Export, erasure and docs/reference/personal-data.md are driven by this register; a test fails
when a tenant table or one of its columns is not in it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps

from atre.domain.agencies.models import TenantModel

ERASED = "[effacé]"


def equipment_only(document: Any) -> dict[str, Any]:
    """What remains of a visit: the equipment given, counted in the agency's figures."""
    kept = document.get("equipment", []) if isinstance(document, dict) else []
    return {
        "equipment": [
            {"item": row.get("item"), "quantity": row.get("quantity")}
            for row in kept
            if isinstance(row, dict)
        ]
    }


@dataclass(frozen=True)
class Holding:
    """One table. `path` leads from a row to its case (or `household`, or a plain `case_id`).

    `blanked` maps a personal column to what erasure leaves in it (a value, or a function of the
    old one); `plain` lists the columns that say nothing of anyone; `deleted` tables lose their
    rows whole. `not_the_household` tables hold nothing about a household.
    """

    model: str
    path: str = ""
    deleted: bool = False
    blanked: Mapping[str, Any] = field(default_factory=dict)
    plain: tuple[str, ...] = ()
    not_the_household: bool = False

    def model_class(self) -> type[TenantModel]:
        return apps.get_model(self.model)

    def erased_value(self, column: str, old: Any) -> Any:
        """What a blanked column becomes."""
        new = self.blanked[column]
        return new(old) if isinstance(new, Callable) else new  # type: ignore[arg-type]


KEYS = ("id", "agency", "case")

REGISTER: tuple[Holding, ...] = (
    Holding(
        "households.Household",
        path="household",
        blanked={
            "first_name": "",
            "last_name": "",
            "birth_date": None,
            "phone": "",
            "email": "",
            "contact_preference": "",
            "name_key": "",
        },
        plain=(
            *KEYS,
            "dwelling",
            "adults",
            "children",
            "tenure",
            "merged_into",
            "erased_at",
            "revision",
            "created_at",
        ),
    ),
    Holding("households.HouseholdToken", path="household", deleted=True),
    Holding(
        "households.Dwelling",
        path="dwelling",
        blanked={
            "address_line": "",
            "address_extra": "",
            "postal_code": "",
            "address_key": "",
            "floor_area_m2": None,
            "landlord_name": "",
        },
        plain=(*KEYS, "commune", "kind"),
    ),
    Holding(
        "households.Case",
        path="self",
        blanked={
            "told": "",
            "rfr_eur": None,
            "rfr_income_year": None,
            "eligibility": dict,
            "override_reason": lambda old: ERASED if old else "",
        },
        plain=(
            *KEYS,
            "reference",
            "submission",
            "programme",
            "household",
            "dwelling",
            "state",
            "state_since",
            "channel",
            "referrer",
            "deposited_on",
            "high_bills",
            "trouble_paying",
            "too_cold_or_hot",
            "damp",
            "eligibility_answer",
            "override_answer",
            "overridden_by",
            "adviser",
            "operator",
            "visitor",
            "closing_reason",
            "last_contact_on",
            "purge_notified_at",
            "erased_at",
            "revision",
            "created_at",
        ),
    ),
    Holding(
        "households.StateChange",
        path="case",
        blanked={"reason": ""},
        plain=(*KEYS, "transition", "from_state", "to_state", "at", "by"),
    ),
    Holding(
        "households.Consent",
        path="case",
        plain=(*KEYS, "kind", "text_version", "given_at", "stated_by", "withdrawn_at"),
    ),
    Holding("households.Note", path="case", deleted=True),
    Holding("households.Attachment", path="case", deleted=True),
    Holding("households.Task", path="case", deleted=True),
    Holding("households.SavedFilter", not_the_household=True),
    Holding(
        "households.HouseholdMerge",
        path="merge",
        blanked={"reason": ""},
        plain=(*KEYS, "kept", "absorbed", "moved_case_ids", "by", "at", "undone_at", "undone_by"),
    ),
    Holding("visits.Slot", not_the_household=True),
    Holding(
        "visits.Appointment",
        path="case",
        blanked={"practical": "", "reason": ""},
        plain=(*KEYS, "starts_at", "ends_at", "state", "sequence", "created_at"),
    ),
    Holding("visits.AppointmentVisitor", not_the_household=True),
    Holding(
        "visits.Visit",
        path="case",
        blanked={"document": equipment_only},
        plain=(
            *KEYS,
            "identifier",
            "appointment",
            "state",
            "schema_version",
            "visited_on",
            "author",
            "revision",
            "sealed_at",
            "document_sha256",
            "created_at",
        ),
    ),
    Holding("visits.VisitReport", path="visit__case", deleted=True),
    Holding(
        "support.Orientation",
        path="case",
        blanked={"purpose": "", "answer": ""},
        plain=(
            *KEYS,
            "service",
            "state",
            "sent_at",
            "sent_by",
            "answer_due_on",
            "received_at",
            "answered_at",
            "done_at",
            "received_by",
            "answered_by",
            "reminders_sent",
            "last_reminder_at",
        ),
    ),
    Holding(
        "support.Support",
        path="case",
        blanked={"goal": "", "outcome": ""},
        plain=(*KEYS, "opened_on", "closed_on", "adviser"),
    ),
    Holding(
        "support.SupportAction",
        path="support__case",
        blanked={"text": ""},
        plain=(*KEYS, "support", "kind", "on", "minutes", "by"),
    ),
    Holding(
        "support.AidFile",
        path="case",
        blanked={"note": ""},
        plain=(
            *KEYS,
            "kind",
            "state",
            "asked_on",
            "asked_eur",
            "decided_on",
            "granted_eur",
            "paid_on",
            "by",
        ),
    ),
    Holding(
        "support.LandlordMediation",
        path="case",
        blanked={
            "landlord_name": "",
            "landlord_address": "",
            "landlord_email": "",
            "problem": "",
        },
        plain=(*KEYS, "agreed_on", "state", "opened_on", "closed_on"),
    ),
    Holding(
        "support.MediationStep",
        path="mediation__case",
        blanked={"text": "", "letter": None},
        plain=(*KEYS, "mediation", "kind", "on", "due_on", "by"),
    ),
    Holding(
        "support.FollowUp",
        path="case",
        blanked={"answers": dict, "bills": list, "exit_explanation": dict},
        plain=(
            *KEYS,
            "due_on",
            "state",
            "opened_at",
            "answered_on",
            "exit_answer",
            "by",
            "revision",
        ),
    ),
    Holding(
        "support.SavingRecord",
        path="case",
        blanked={"basis": ""},
        plain=(*KEYS, "tier", "kwh_per_year", "euros_per_year", "recorded_on"),
    ),
    Holding("outbox.Message", path="case_id", deleted=True),
    Holding("network.Organisation", not_the_household=True),
    Holding("network.OrganisationContact", not_the_household=True),
    Holding(
        "audit.AuditEntry",
        path="case_id",
        blanked={"reason": "", "reason_salt": ""},
        plain=(
            *KEYS,
            "sequence",
            "at",
            "actor",
            "channel",
            "action",
            "object_type",
            "object_id",
            "case_id",
            "reason_seal",
            "details",
            "previous_digest",
            "digest",
        ),
    ),
    Holding(
        "audit.ReadEntry",
        path="case_id",
        plain=(*KEYS, "at", "reader", "case_id", "screen"),
    ),
)
