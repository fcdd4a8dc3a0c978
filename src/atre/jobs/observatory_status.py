"""What the observatory has: each source's producer, licence, years, rows and rejects, what became of the
rows, and what has aged."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from atre.calc.wording import date_fr, list_fr, number_fr
from atre.warehouse.edition import Edition, NotBuilt, read_edition
from atre.warehouse.folders import Folders, data_folder
from atre.warehouse.publishers import PUBLISHERS, UNSTATED_FR
from atre.warehouse.sources.receipts import Receipt, receipts
from atre.warehouse.staging.figures import Standing
from atre.warehouse.wording import TABLES_FR

STANDINGS_FR = {
    Standing.KEPT: "comptées dans les tables",
    Standing.SUPERSEDED: "remplacées par un fichier reçu ensuite",
    Standing.COUNTED_IN_CITY: "comptées avec leur ville entière",
    Standing.OUTSIDE: "hors des communes d’aujourd’hui",
}
DAYS_OF_A_YEAR = 365
BUILD_FR = "lancez ./atre observatory build"


def status(folders: Folders | None = None, *, now: datetime | None = None) -> dict[str, Any]:
    """The files received, in order, and the tables served; `edition` is None before a build."""
    folders = folders or data_folder()
    today = (now or datetime.now(UTC)).date()
    edition = _edition(folders)
    accounts = {} if edition is None else {one.file: one for one in edition.accounts}
    return {
        "edition": None
        if edition is None
        else {
            "key": edition.key,
            "built_at": edition.built_at,
            "engine": edition.engine,
            "rows": edition.rows,
            "seconds": edition.seconds,
            "totals_checked": sum(one.totals_checked for one in edition.accounts),
        },
        "sources": [
            {
                **_publisher(receipt),
                "file": receipt.name,
                "sha256": receipt.sha256,
                "format": receipt.format,
                "title": receipt.title_fr,
                "received_at": receipt.received_at,
                "years": list(receipt.years),
                # Said by a person: the file names no year. None when the file says its own.
                "declared_year": receipt.declared_year,
                "levels": list(receipt.levels),
                "measures": list(receipt.measures),
                "rows": receipt.rows,
                "rejected": receipt.rejected,
                "rejects": receipt.rejects,
                "warnings": receipt.warnings,
                # None: received since the last build.
                "standings": accounts[receipt.key].standings if receipt.key in accounts else None,
                "age": _age(receipt, today),
            }
            for receipt in receipts(folders)
        ],
    }


def _publisher(receipt: Receipt) -> dict[str, Any]:
    known = PUBLISHERS.get(receipt.format)
    return {
        "producer": known.short_fr if known else receipt.format,
        "dataset": (known.dataset_fr if known else "") or receipt.title_fr,
        "licence": (known.licence_fr if known else "") or None,
        "site": (known.site if known else "") or None,
    }


def _age(receipt: Receipt, today: date) -> dict[str, Any]:
    """How old it is, and whether a person should look for a newer one: received more than a year ago,
    or an annual series whose last year is older than last year."""
    known = PUBLISHERS.get(receipt.format)
    received = datetime.fromisoformat(receipt.received_at).date()
    last = receipt.years[-1] if receipt.years else None
    years = None if last is None else today.year - last
    is_old_series = bool(known and known.is_annual and years is not None and years > 1)
    return {
        "last_year": last,
        "years": years,
        "days_since_received": (today - received).days,
        "is_old_series": is_old_series,
        "is_over_a_year": is_old_series or (today - received).days > DAYS_OF_A_YEAR,
    }


def _edition(folders: Folders) -> Edition | None:
    try:
        return read_edition(folders)
    except NotBuilt:
        return None


def page(answer: dict[str, Any]) -> str:
    """The status for a person: what is served, each source, and what is to be done."""
    sources = answer["sources"]
    told = [_edition_fr(answer["edition"], len(sources))]
    told += ["\n".join(_source_fr(place, one)) for place, one in enumerate(sources, 1)]
    todo = _todo(answer)
    if todo:
        told.append("\n".join(["À faire :", *(f"  - {line}" for line in todo)]))
    return "\n\n".join(told)


def _edition_fr(edition: dict[str, Any] | None, files: int) -> str:
    if edition is None:
        return NotBuilt.message_fr
    built = datetime.fromisoformat(edition["built_at"])
    tables = ", ".join(
        f"{TABLES_FR.get(name, name)} {number_fr(rows)}"
        for name, rows in edition["rows"].items()
        if rows
    )
    return "\n".join(
        [
            f"Observatoire construit le {date_fr(built.date())} avec {edition['engine']} : "
            f"{_counted(sum(edition['rows'].values()), 'ligne')} de {_counted(files, 'fichier')}, "
            f"{_counted(edition['totals_checked'], 'total retrouvé', 'totaux retrouvés')}.",
            f"Tables : {tables or 'aucune ligne'}.",
            f"Édition {edition['key']}.",
        ]
    )


def _source_fr(place: int, source: dict[str, Any]) -> list[str]:
    received = date_fr(datetime.fromisoformat(source["received_at"]).date())
    lines = [
        f"{place}. {source['producer']} — {source['dataset']}",
        f"   {source['file']}, reçu le {received} · {source['licence'] or UNSTATED_FR}",
        f"   {_years_fr(source['years'])} · {_counted(source['rows'], 'chiffre lu', 'chiffres lus')}, "
        f"{_counted(source['rejected'], 'ligne non lue', 'lignes non lues')}",
    ]
    lines += [
        f"     {_counted(count, 'ligne non lue', 'lignes non lues')} : {reason}"
        for reason, count in source["rejects"].items()
    ]
    if source["standings"] is None:
        return [*lines, "   pas encore dans les tables"]
    counted = [
        f"{number_fr(source['standings'][one])} {words}"
        for one, words in STANDINGS_FR.items()
        if source["standings"].get(one)
    ]
    return [*lines, f"   {', '.join(counted) or 'aucune ligne comptée'}"]


def _years_fr(years: Sequence[int]) -> str:
    if not years:
        return "année non dite"
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]} à {years[-1]}"
    return list_fr([str(year) for year in years])


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{number_fr(count)} {one if count < 2 else many or f'{one}s'}"


def _todo(answer: dict[str, Any]) -> list[str]:
    todo = []
    sources = answer["sources"]
    if not sources:
        todo.append("aucun fichier reçu : ./atre prepare, puis ./atre import FICHIER")
    elif answer["edition"] is None or any(one["standings"] is None for one in sources):
        todo.append(f"des fichiers attendent leur construction : {BUILD_FR}")
    todo += [
        _old_fr(place, one) for place, one in enumerate(sources, 1) if one["age"]["is_over_a_year"]
    ]
    return todo


def _old_fr(place: int, source: dict[str, Any]) -> str:
    age = source["age"]
    since = (
        f"son dernier millésime est {age['last_year']}"
        if age["is_old_series"]
        else f"reçu il y a {number_fr(age['days_since_received'])} jours"
    )
    where = f" : voir {source['site']}" if source["site"] else ""
    if source["format"].startswith("installed_"):
        where = " : le suivant viendra avec une version d’Âtre"
    return f"source {place}, {source['dataset']}, {since}{where}"
