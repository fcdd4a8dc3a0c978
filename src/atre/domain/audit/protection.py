"""The journal accepts insertions only; the database itself refuses the rest."""

from typing import Any

from django.db import connection

from atre.domain.audit.models import AuditEntry

MESSAGE = "le journal ne se modifie pas"


def forbid_changes(**_: Any) -> None:
    """Install the triggers that refuse UPDATE and DELETE. Run after each migration.

    One change passes: a reason that becomes empty, when its household is erased.
    """
    table = AuditEntry._meta.db_table
    if table not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in _postgresql(table):
                cursor.execute(statement)
            return
        for statement in _sqlite(table):
            cursor.execute(statement)


def _touched() -> str:
    """SQL that is true when an update does anything but forget a reason."""
    distinct = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    kept = [
        field.column
        for field in AuditEntry._meta.concrete_fields
        if field.name not in {"reason", "reason_salt"}
    ]
    changed = " OR ".join(f"NEW.{column} {distinct} OLD.{column}" for column in kept)
    return f"NEW.reason <> '' OR NEW.reason_salt <> '' OR {changed}"


def _postgresql(table: str) -> list[str]:
    refuse = f"RAISE EXCEPTION '{MESSAGE}'"
    return [
        "CREATE OR REPLACE FUNCTION atre_journal_is_closed() RETURNS trigger AS "
        f"$$ BEGIN {refuse}; END $$ LANGUAGE plpgsql",
        f"DROP TRIGGER IF EXISTS journal_is_closed ON {table}",
        f"CREATE TRIGGER journal_is_closed BEFORE DELETE OR TRUNCATE ON {table} "
        "EXECUTE FUNCTION atre_journal_is_closed()",
        f"DROP TRIGGER IF EXISTS journal_is_not_rewritten ON {table}",
        f"CREATE TRIGGER journal_is_not_rewritten BEFORE UPDATE ON {table} "
        f"FOR EACH ROW WHEN ({_touched()}) EXECUTE FUNCTION atre_journal_is_closed()",
    ]


def _sqlite(table: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    return [
        "DROP TRIGGER IF EXISTS journal_is_closed",
        f"CREATE TRIGGER journal_is_closed BEFORE DELETE ON {table} {refuse}",
        "DROP TRIGGER IF EXISTS journal_is_not_rewritten",
        f"CREATE TRIGGER journal_is_not_rewritten BEFORE UPDATE ON {table} "
        f"WHEN {_touched()} {refuse}",
    ]


def allow_changes() -> None:
    """Take the triggers off: for a test that empties the database, and for nothing else."""
    on_table = f" ON {AuditEntry._meta.db_table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in ("journal_is_closed", "journal_is_not_rewritten"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")
