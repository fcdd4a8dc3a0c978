"""What the observatory has: each source's years, rows and rejects, and what became of the rows."""

from typing import Any

from atre.calc.wording import number_fr
from atre.warehouse.edition import Edition, NotBuilt, read_edition
from atre.warehouse.folders import Folders, data_folder
from atre.warehouse.sources.receipts import receipts
from atre.warehouse.staging.figures import Standing

STANDINGS_FR = {
    Standing.SUPERSEDED: "remplacées par un fichier reçu ensuite",
    Standing.COUNTED_IN_CITY: "comptées avec leur ville entière",
    Standing.OUTSIDE: "hors des communes d’aujourd’hui",
}


def status(folders: Folders | None = None) -> dict[str, Any]:
    """The files received, in order, and the tables served; `edition` is None before a build."""
    folders = folders or data_folder()
    edition = _edition(folders)
    standings = {} if edition is None else {one.file: one.standings for one in edition.accounts}
    return {
        "edition": None
        if edition is None
        else {
            "key": edition.key,
            "built_at": edition.built_at,
            "engine": edition.engine,
            "rows": edition.rows,
            "seconds": edition.seconds,
        },
        "sources": [
            {
                "file": receipt.name,
                "format": receipt.format,
                "title": receipt.title_fr,
                "received_at": receipt.received_at,
                "years": list(receipt.years),
                "levels": list(receipt.levels),
                "measures": list(receipt.measures),
                "rows": receipt.rows,
                "rejected": receipt.rejected,
                "rejects": receipt.rejects,
                "warnings": receipt.warnings,
                # None: received since the last build.
                "standings": standings.get(receipt.key),
            }
            for receipt in receipts(folders)
        ],
    }


def _edition(folders: Folders) -> Edition | None:
    try:
        return read_edition(folders)
    except NotBuilt:
        return None


def page(answer: dict[str, Any]) -> str:
    """The status for a person."""
    lines = []
    for source in answer["sources"]:
        years = source["years"]
        vintage = f", {years[0]}" if years else ""
        vintage += f" à {years[-1]}" if len(years) > 1 else ""
        lines.append(f"{source['title']}{vintage} : {number_fr(source['rows'])} chiffres.")
        if source["rejected"]:
            lines.append(f"  {number_fr(source['rejected'])} lignes non lues.")
        if source["standings"] is None:
            lines.append(
                "  Reçu depuis la dernière construction : lancez ./atre observatory build."
            )
        for standing, words in STANDINGS_FR.items():
            count = (source["standings"] or {}).get(standing, 0)
            if count:
                lines.append(f"  {number_fr(count)} lignes {words}.")
    edition = answer["edition"]
    if edition is None:
        return "\n".join([*lines, NotBuilt.message_fr])
    rows = number_fr(sum(edition["rows"].values()))
    return "\n".join(
        [
            *lines,
            f"Tables : {rows} lignes, construites le {edition['built_at']} ({edition['engine']}).",
        ]
    )
