"""The journal accepts insertions only; the database itself refuses the rest."""

from typing import Any

from django.db import connection

from atre.domain.audit.models import AuditEntry

MESSAGE = "le journal ne se modifie pas"


def forbid_changes(**_: Any) -> None:
    """Install the triggers that refuse UPDATE and DELETE. Run after each migration."""
    table = AuditEntry._meta.db_table
    if table not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION atre_journal_is_closed() RETURNS trigger AS "
                f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$ LANGUAGE plpgsql"
            )
            cursor.execute(f"DROP TRIGGER IF EXISTS journal_is_closed ON {table}")
            cursor.execute(
                f"CREATE TRIGGER journal_is_closed BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "EXECUTE FUNCTION atre_journal_is_closed()"
            )
            return
        for event in ("UPDATE", "DELETE"):
            cursor.execute(f"DROP TRIGGER IF EXISTS journal_refuses_{event.lower()}")
            cursor.execute(
                f"CREATE TRIGGER journal_refuses_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
