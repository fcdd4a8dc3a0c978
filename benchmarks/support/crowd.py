"""A million invented households, written by PostgreSQL itself from series of numbers.

A superuser writes: row-level security and foreign keys are for people who may be wrong, and
checking them a million times would measure something else. Indexes are dropped before and made
again after, as any large restoration does.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

TABLES = (
    *("households_dwelling", "households_household", "households_householdtoken"),
    *("households_case", "households_statechange", "households_consent"),
)
# State and its share in thousandths: most cases of a long-lived base are over.
STATES = (
    *(("to_complete", 25), ("eligible", 15), ("not_eligible", 20), ("assigned", 40)),
    *(("scheduled", 25), ("visited", 15), ("reported", 60), ("supported", 80)),
    *(("awaiting_follow_up", 170), ("follow_up", 40), ("evaluated", 320), ("closed", 190)),
)
SYLLABLES = (
    *("bar", "bel", "bou", "bri", "cal", "chan", "clo", "cor", "dan", "des", "dor", "dur"),
    *("fau", "fer", "fon", "gar", "gen", "gra", "hau", "jol", "lan", "lav", "lem", "mar"),
    *("mau", "mon", "mou", "nar", "neu", "ori", "pal", "per", "pin", "por", "pra", "quin"),
    *("rab", "ric", "rou", "sal", "san", "sau", "sou", "tar", "tel", "tou", "tra", "val"),
    *("ver", "vil"),
)
FIRST_NAMES = (
    *(
        "amina",
        "bernard",
        "chantal",
        "djibril",
        "elodie",
        "fatou",
        "gerard",
        "hanae",
        "ivan",
        "josiane",
        "karim",
        "lucette",
    ),
    *(
        "mamadou",
        "nadege",
        "omar",
        "paulette",
        "quentin",
        "rosa",
        "samira",
        "tomasz",
        "ursule",
        "victor",
        "wassila",
        "xavier",
    ),
    *("yvonne", "zohra"),
)


@dataclass(frozen=True)
class Tenant:
    """An agency and the people that its rows name; `first` to `last` are its households' numbers."""

    agency: int
    code: str
    programme: int
    operator: int
    advisers: Sequence[int]
    visitors: Sequence[int]
    referrer: int
    communes: Sequence[str]
    first: int
    last: int


def write(url: str, tenants: Sequence[Tenant], say: Callable[[str], None]) -> None:
    """Fill the tables for every tenant. `url` is a superuser's, on the application's database."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '256MB'")
        connection.execute("SET synchronous_commit = off")
        _helpers(connection)
        with without_indexes(connection, say):
            for tenant in tenants:
                for statement in STATEMENTS:
                    connection.execute(statement, _values(tenant))
        _sequences(connection)
        started = time.perf_counter()
        connection.execute("VACUUM ANALYZE")
        say(f"statistiques en {time.perf_counter() - started:.0f} s")


def _values(tenant: Tenant) -> dict[str, object]:
    return {
        "agency": tenant.agency,
        "code": tenant.code,
        "programme": tenant.programme,
        "operator": tenant.operator,
        "advisers": list(tenant.advisers),
        "visitors": list(tenant.visitors),
        "referrer": tenant.referrer,
        "communes": list(tenant.communes),
        "first": tenant.first,
        "last": tenant.last,
    }


def _helpers(connection: psycopg.Connection) -> None:
    """Functions of the session: a spread number, a word, a state."""
    listed = ",".join(f"'{word}'" for word in SYLLABLES)
    firsts = ",".join(f"'{word}'" for word in FIRST_NAMES)
    states = ",".join(f"'{name}'" for name, share in STATES for _ in range(share // 5))
    statements = (
        "CREATE FUNCTION pg_temp.spread(n bigint, salt int) RETURNS bigint LANGUAGE sql IMMUTABLE "
        "AS $$ SELECT abs(hashint8(n * 31 + salt)::bigint) $$",
        "CREATE FUNCTION pg_temp.syllable(n bigint, salt int) RETURNS text LANGUAGE sql IMMUTABLE "
        f"AS $$ SELECT (ARRAY[{listed}])[1 + pg_temp.spread(n, salt) % {len(SYLLABLES)}] $$",
        "CREATE FUNCTION pg_temp.surname(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS "
        "$$ SELECT pg_temp.syllable(n,1) || pg_temp.syllable(n,2) || pg_temp.syllable(n,3) $$",
        "CREATE FUNCTION pg_temp.first_name(n bigint) RETURNS text LANGUAGE sql IMMUTABLE "
        f"AS $$ SELECT (ARRAY[{firsts}])[1 + pg_temp.spread(n, 4) % {len(FIRST_NAMES)}] $$",
        "CREATE FUNCTION pg_temp.state(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS "
        f"$$ SELECT (ARRAY[{states}])[1 + pg_temp.spread(n, 5) % "
        f"{sum(share // 5 for _, share in STATES)}] $$",
        "CREATE FUNCTION pg_temp.day(n bigint) RETURNS date LANGUAGE sql STABLE AS "
        "$$ SELECT current_date - (pg_temp.spread(n, 6) % 1095)::int $$",
    )
    for statement in statements:
        connection.execute(statement)


STATEMENTS = (
    """
    INSERT INTO households_dwelling (id, agency_id, address_line, address_extra, postal_code,
        commune_id, address_key, kind, floor_area_m2, landlord_name)
    SELECT n, %(agency)s, (n %% 90 + 1) || ' rue ' || pg_temp.surname(n + 7), '', '99000',
        (%(communes)s::text[])[1 + n %% cardinality(%(communes)s::text[])],
        '99000 ' || (n %% 90 + 1) || ' rue ' || pg_temp.surname(n + 7),
        CASE WHEN n %% 3 = 0 THEN 'house' ELSE 'flat' END, 30 + n %% 90, ''
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
    """,
    """
    INSERT INTO households_household (id, agency_id, dwelling_id, first_name, last_name,
        birth_date, phone, email, contact_preference, adults, children, tenure, name_key,
        revision, created_at)
    SELECT n, %(agency)s, n, initcap(pg_temp.first_name(n)), initcap(pg_temp.surname(n)),
        date '1940-01-01' + (pg_temp.spread(n, 8) %% 23000)::int,
        '+336399' || lpad((n %% 100000)::text, 5, '0'), 'menage' || n || '@example.org', '',
        1 + n %% 2, n %% 4, 'private_tenant',
        least(pg_temp.first_name(n), pg_temp.surname(n)) || ' '
            || greatest(pg_temp.first_name(n), pg_temp.surname(n)),
        1, now()
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
    """,
    """
    INSERT INTO households_householdtoken (id, agency_id, household_id, token)
    SELECT 2 * n - w, %(agency)s, n, CASE w WHEN 0 THEN pg_temp.first_name(n)
        ELSE pg_temp.surname(n) END
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n, generate_series(0, 1) AS w
    """,
    """
    INSERT INTO households_case (id, agency_id, reference, submission, programme_id,
        household_id, dwelling_id, state, state_since, channel, referrer_id, deposited_on,
        high_bills, trouble_paying, too_cold_or_hot, damp, told, rfr_eur, rfr_income_year,
        eligibility, eligibility_answer, override_answer, override_reason, adviser_id, operator_id,
        visitor_id, closing_reason, last_contact_on, revision, created_at)
    SELECT n, %(agency)s, %(code)s || '-' || upper(lpad(to_hex(n), 6, '0')), gen_random_uuid(),
        %(programme)s, n, n, pg_temp.state(n),
        pg_temp.day(n) + least(30, current_date - pg_temp.day(n)),
        CASE WHEN n %% 2 = 0 THEN 'referrer' ELSE 'public' END,
        CASE WHEN n %% 2 = 0 THEN %(referrer)s END, pg_temp.day(n),
        n %% 2 = 0, n %% 3 = 0, n %% 4 < 3, n %% 5 = 0, 'Il fait froid dans la chambre.',
        9000 + pg_temp.spread(n, 9) %% 14000, extract(year FROM pg_temp.day(n))::int - 1,
        '{"answer": "yes", "sentence": "Éligible.", "missing": []}'::jsonb, 'yes', '', '',
        (%(advisers)s::bigint[])[1 + n %% cardinality(%(advisers)s::bigint[])], %(operator)s,
        (%(visitors)s::bigint[])[1 + n %% cardinality(%(visitors)s::bigint[])],
        CASE WHEN pg_temp.state(n) = 'closed' THEN 'unreachable' ELSE '' END,
        current_date - 20, 3, now()
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
    """,
    """
    INSERT INTO households_statechange (id, agency_id, case_id, transition, from_state, to_state,
        at, by_id, reason)
    SELECT 2 * n - w, %(agency)s, n, CASE w WHEN 1 THEN 'open' ELSE 'find_eligible' END,
        CASE w WHEN 1 THEN '' ELSE 'received' END,
        CASE w WHEN 1 THEN 'received' ELSE pg_temp.state(n) END, pg_temp.day(n), NULL, ''
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n, generate_series(0, 1) AS w
    """,
    """
    INSERT INTO households_consent (id, agency_id, case_id, kind, text_version, given_at)
    SELECT n, %(agency)s, n, 'processing', '2026-01', pg_temp.day(n)
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
    """,
)


@contextmanager
def without_indexes(connection: psycopg.Connection, say: Callable[[str], None]) -> Iterator[None]:
    """Drop the indexes that no constraint owns, then make them again, each said with its time."""
    rows = connection.execute(
        "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i "
        "JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid "
        "LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid "
        "WHERE t.relname = ANY(%s) AND k.oid IS NULL",
        [list(TABLES)],
    ).fetchall()
    for name, _ in rows:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    started = time.perf_counter()
    yield
    say(f"lignes écrites en {time.perf_counter() - started:.0f} s")
    started = time.perf_counter()
    for _, definition in rows:
        connection.execute(definition)
    say(f"{len(rows)} index faits en {time.perf_counter() - started:.0f} s")


def _sequences(connection: psycopg.Connection) -> None:
    for table in TABLES:
        connection.execute(
            sql.SQL(
                "SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT max(id) FROM {}))"
            ).format(sql.Literal(table), sql.Identifier(table))
        )
