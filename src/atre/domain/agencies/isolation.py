"""The second lock between agencies: PostgreSQL's row-level security.

The first lock is in the selectors, which all take the agency. This one holds when a query
forgets: without a context a table of cases looks empty, with one it shows a single agency.
SQLite has no such lock; it serves one person on one machine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from atre.domain.agencies.models import Agency, TenantModel

# Dies with the transaction: a pooled connection never carries an agency into another request.
SET_CONTEXT = "SELECT set_config('atre.agency', %s, true)"


def tenant_tables() -> list[str]:
    """Names of the tables whose rows belong to one agency."""
    return sorted(
        model._meta.db_table for model in apps.get_models() if issubclass(model, TenantModel)
    )


def enforce_row_security(**_: Any) -> None:
    """Put the policy on every tenant table (PostgreSQL only). Run after each migration."""
    if connection.vendor != "postgresql":
        return
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in (name for name in tenant_tables() if name in existing):
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"ALTER TABLE {quoted} ENABLE ROW LEVEL SECURITY")
            cursor.execute(f"ALTER TABLE {quoted} FORCE ROW LEVEL SECURITY")
            cursor.execute(f"DROP POLICY IF EXISTS one_agency ON {quoted}")
            cursor.execute(
                f"CREATE POLICY one_agency ON {quoted} USING "
                "(agency_id = nullif(current_setting('atre.agency', true), '')::bigint)"
            )


def enter(agency_id: int | None) -> None:
    """Set the agency for the rest of the current transaction; None shows no tenant row."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(SET_CONTEXT, ["" if agency_id is None else str(agency_id)])


@contextmanager
def within(agency: Agency | int) -> Iterator[None]:
    """Open a transaction that sees the rows of `agency` and no others."""
    agency_id = agency if isinstance(agency, int) else agency.pk
    nested = connection.in_atomic_block
    with transaction.atomic():
        # A transaction of its own starts without context and takes its context with it.
        previous = _current() if nested else None
        enter(agency_id)
        yield
        if nested:
            enter(previous)


def _current() -> int | None:
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT nullif(current_setting('atre.agency', true), '')")
        (value,) = cursor.fetchone()
    return None if value is None else int(value)


@contextmanager
def reading(agency: Agency | int) -> Iterator[None]:
    """See the rows of `agency` without writing.

    On SQLite a transaction takes the only write lock: readers must not, so none is opened.
    """
    if connection.vendor == "sqlite":
        yield
        return
    with within(agency):
        yield
