"""Giving a household its data, and erasing it."""

import io
import json
import zipfile
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from atre.domain.agencies import permissions
from atre.domain.agencies.models import Membership, TenantModel
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput, NotAllowed
from atre.domain.households import files
from atre.domain.households.models import Case, CaseLink, Household
from atre.domain.privacy import erasure_ledger
from atre.domain.privacy.erasure_ledger import Erasure
from atre.domain.privacy.holdings import about_households, cases_of, rows
from atre.domain.privacy.register import Holding


@transaction.atomic
def export_household(*, household: Household, by: Membership) -> bytes:
    """All that is held about a household, as a ZIP: `donnees.json` and its files (RGPD, art. 15).

    Seals in the journal that the export was made, not what it held.
    """
    permissions.require(by, "case.export")
    _own(household, by)
    case_ids = cases_of(household)
    told: dict[str, list[dict[str, Any]]] = {}
    kept_files: dict[str, str] = {}
    for holding in about_households():
        found = list(rows(holding, household=household, case_ids=case_ids))
        model = holding.model_class()
        told[str(model._meta.verbose_name)] = [_readable(row) for row in found]
        for row in found:
            if digest := getattr(row, "sha256", ""):
                kept_files[digest] = _file_name(row)
    audit.record(
        agency=household.agency_id,
        action="export_household",
        obj=household,
        by=by,
        details={"tables": len(told), "files": len(kept_files)},
    )
    return _archive(told, kept_files, agency_id=household.agency_id)


def _readable(row: TenantModel) -> dict[str, Any]:
    """Column labels in French, values as stored."""
    return {
        str(column.verbose_name): getattr(row, column.attname)
        for column in row._meta.concrete_fields
    }


def _file_name(row: TenantModel) -> str:
    name = getattr(row, "name", "") or f"compte-rendu-{row.pk}.pdf"
    return f"pieces/{row.pk}-{name}"


def _archive(told: dict[str, Any], kept_files: dict[str, str], *, agency_id: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        archive.writestr("donnees.json", text)
        for digest, name in sorted(kept_files.items()):
            with files.open_stored(agency_id=agency_id, sha256=digest) as stored:
                archive.writestr(name, stored.read())
    return out.getvalue()


@transaction.atomic
def erase_household(*, household: Household, by: Membership | None, reason: str) -> Household:
    """Take a household's personal data away, files included (RGPD, art. 17).

    What remains (commune, states, dates, amounts of aid) feeds the agency's figures and names
    nobody. `by` is None for the retention job. Cannot be undone.
    """
    if by is not None:
        permissions.require(by, "case.erase")
        _own(household, by)
    if not reason.strip():
        raise InvalidInput("Dites pourquoi ce ménage est effacé.", field="reason")
    fresh = Household.objects.select_for_update().get(
        pk=household.pk, agency_id=household.agency_id
    )
    if fresh.erased_at is not None:
        return fresh
    case_ids = cases_of(fresh)
    digests = _erase_rows(household=fresh, case_ids=case_ids)
    fresh.refresh_from_db()
    fresh.erased_at = timezone.now()
    fresh.save(update_fields=["erased_at"])
    Case.objects.filter(agency_id=fresh.agency_id, pk__in=case_ids).update(
        erased_at=fresh.erased_at
    )
    CaseLink.objects.filter(agency_id=fresh.agency_id, case_id__in=case_ids).delete()
    audit.record(
        agency=fresh.agency_id,
        action="erase_household",
        obj=fresh,
        by=by,
        channel="screen" if by else "retention",
        details={"cases": len(case_ids), "files": len(digests)},
    )
    told = Erasure(fresh.agency_id, fresh.pk, fresh.erased_at)
    transaction.on_commit(lambda: erasure_ledger.write([told]))
    transaction.on_commit(lambda: files.remove_unnamed(agency_id=fresh.agency_id, digests=digests))
    return fresh


def _erase_rows(*, household: Household, case_ids: list[int]) -> set[str]:
    """Blank or delete, table by table; the digests of the files whose rows went."""
    digests: set[str] = set()
    # Rows are found before anything changes: some paths run through rows that are deleted.
    found = [
        (holding, list(rows(holding, household=household, case_ids=case_ids)))
        for holding in about_households()
    ]
    for holding, held in found:
        if not held:
            continue
        manager = holding.model_class()._default_manager
        if holding.deleted:
            digests |= {row.sha256 for row in held if hasattr(row, "sha256")}
            manager.filter(agency_id=household.agency_id, pk__in=[row.pk for row in held]).delete()
        elif holding.model == "audit.AuditEntry":
            audit.forget_reasons(agency=household.agency_id, case_ids=case_ids)
        elif holding.blanked:
            _blank(holding, held)
    return digests


def _blank(holding: Holding, held: list[TenantModel]) -> None:
    for row in held:
        for column in holding.blanked:
            setattr(row, column, holding.erased_value(column, getattr(row, column)))
    holding.model_class()._default_manager.bulk_update(held, list(holding.blanked), batch_size=200)


def _own(household: Household, by: Membership) -> None:
    if household.agency_id != by.agency_id:
        raise NotAllowed("Ce ménage n’est pas de votre agence.")
