"""The answer of `./atre read`: a file's summary as JSON, and as a page for a person."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from atre.formats.reading import Format
    from atre.formats.summary import FileSummary, TableSummary

PARIS = ZoneInfo("Europe/Paris")
SHOWN_NAMES = 5
KINDS_FR = {
    "intervals": "Consommations",
    "indexes": "Index",
    "maximum_powers": "Puissances maximales",
    "daily_temperatures": "Températures quotidiennes",
    "daily_extremes": "Températures les plus basses et les plus hautes du jour",
    "hourly_temperatures": "Températures horaires",
    "typical_hours": "Heures d’une année type",
    "stations": "Postes météo",
    "invoices": "Factures",
    "invoice_lines": "Lignes de facture",
    "figures": "Chiffres de territoires",
    "rows": "Lignes",
}


def described(name: str, known: "Format", summary: "FileSummary") -> dict[str, Any]:
    """The summary of a file as plain values: counts, periods, refusals by reason, doubts."""
    return {
        "file": name,
        "status": "read",
        "format": {"key": known.key, "title": known.title_fr},
        "tables": [_table(found) for found in summary.tables.values()],
        "rejected_rows": summary.refused_rows,
        "rejects": [
            {
                "reason": reason,
                "count": refused.count,
                "first_line": refused.first.line,
                "first_place": refused.first.place or None,
                "first_found": refused.first.found or None,
            }
            for reason, refused in summary.refused.items()
        ],
        "warnings": [
            {"reason": warned.reason_fr, "count": warned.count, "first_line": warned.first_line}
            for warned in summary.warnings
        ],
    }


def _table(found: "TableSummary") -> dict[str, Any]:
    from atre.config.figures_report import described_figures

    answer: dict[str, Any] = {"kind": found.kind, "rows": found.rows}
    if found.kind == "figures":
        return answer | described_figures(found)
    if found.invoices:
        answer["invoices"] = [
            {name: _plain_value(value) for name, value in invoice.items()}
            for invoice in found.invoices
        ]
    if found.first is None:
        return answer
    owner = "places" if "temperatures" in found.kind else "meters"
    answer |= {
        owner: sorted(found.names),
        "start": _moment(found.first),
        "end": _moment(found.last),
        "unknown_rows": found.unknown_rows,
    }
    if found.kind == "intervals":
        answer |= {
            "kwh": round(found.total, 3),
            "kwh_per_day": None if found.kwh_per_day is None else round(found.kwh_per_day, 3),
            "unknown_hours": round(found.unknown_hours, 2),
            "steps": [
                {"minutes": minutes, "rows": rows} for minutes, rows in found.steps.most_common()
            ],
        }
    elif found.kind == "indexes":
        answer["registers"] = sorted(found.registers)
    elif found.highest is not None:
        answer["highest"] = found.highest
    return answer


def _plain_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _moment(value: date | datetime) -> str:
    if isinstance(value, datetime):
        return value.replace(tzinfo=value.tzinfo or UTC).astimezone(PARIS).isoformat()
    return value.isoformat()


def page(answer: dict[str, Any]) -> str:
    """The summary for a person."""
    lines = [f"{answer['file']} : {answer['format']['title']}."]
    for table in answer["tables"]:
        lines += [f"  {line}" for line in _table_lines(table)]
    if not answer["tables"]:
        lines.append("  Aucune mesure n’a été lue.")
    if answer["rejects"]:
        lines.append(f"  Non lu : {_count(answer['rejected_rows'], 'ligne')}.")
    lines += [f"    {_reject_line(reject)}" for reject in answer["rejects"]]
    if answer["warnings"]:
        lines.append("  À savoir :")
    lines += [f"    {_warning_line(warned)}" for warned in answer["warnings"]]
    return "\n".join(lines)


def _table_lines(table: dict[str, Any]) -> list[str]:
    from atre.calc.wording import NO_BREAK, number_fr
    from atre.config.figures_report import figure_lines

    title = KINDS_FR[table["kind"]]
    lines = [f"{title} : {_count(table['rows'], 'ligne')}."]
    if table["kind"] == "figures":
        lines += figure_lines(table)
    for invoice in table.get("invoices", ()):
        lines += [f"  {line}" for line in _invoice_lines(invoice)]
    if "start" not in table:
        return lines
    names = table.get("meters") or table.get("places") or []
    if names:
        more = f" et {len(names) - SHOWN_NAMES} autres" if len(names) > SHOWN_NAMES else ""
        word = "Compteur" if "meters" in table else "Lieu"
        lines.append(f"  {word} : {', '.join(names[:SHOWN_NAMES])}{more}.")
    lines.append(f"  Période : du {_said(table['start'])} au {_said(table['end'])}.")
    if table["kind"] == "intervals":
        steps = ", ".join(
            f"{_duration(step['minutes'])} ({number_fr(step['rows'])})"
            for step in table["steps"][:6]
        )
        lines.append(f"  Pas : {steps or 'inconnu'}.")
        daily = table["kwh_per_day"]
        mean = f", {number_fr(daily, 1)}{NO_BREAK}kWh par jour mesuré" if daily is not None else ""
        lines.append(f"  Énergie : {number_fr(table['kwh'], 1)}{NO_BREAK}kWh{mean}.")
    if "registers" in table:
        lines.append(f"  Cadrans : {', '.join(table['registers'][:12])}.")
    if table["kind"] == "maximum_powers" and "highest" in table:
        lines.append(f"  La plus forte : {number_fr(table['highest'])}{NO_BREAK}VA.")
    if table["unknown_rows"]:
        hours = table.get("unknown_hours")
        span = f", soit {number_fr(hours, 1)}{NO_BREAK}h" if hours else ""
        lines.append(
            f"  Sans valeur (trous et blancs) : {_count(table['unknown_rows'], 'ligne')}{span}."
        )
    return lines


def _invoice_lines(invoice: dict[str, Any]) -> list[str]:
    from atre.calc.wording import NO_BREAK, number_fr

    def amount(name: str) -> str:
        value = invoice[name]
        return "inconnu" if value is None else f"{number_fr(value, 2)}{NO_BREAK}{currency}"

    currency = invoice["currency"] or "(monnaie inconnue)"
    issued = f" du {_said(invoice['issued_on'])}" if invoice["issued_on"] else ""
    lines = [
        f"Fournisseur : {invoice['supplier'] or 'inconnu'}.",
        f"Facture {invoice['invoice_number'] or 'sans numéro'}{issued}.",
    ]
    if invoice["period_start"] and invoice["period_end"]:
        start, end = _said(invoice["period_start"]), _said(invoice["period_end"])
        lines.append(f"Période : du {start} au {end}, dernier jour compris.")
    totals = (("HT", "total_ht"), ("TVA", "total_tva"), ("TTC", "total_ttc"))
    lines.append(f"{' ; '.join(f'{word} {amount(name)}' for word, name in totals)}.")
    return lines


def _said(moment: str) -> str:
    from atre.calc.wording import NO_BREAK, date_fr

    if len(moment) == len("2021-01-01"):
        return date_fr(date.fromisoformat(moment))
    at = datetime.fromisoformat(moment)
    minutes = f"{NO_BREAK}{at.minute:02}" if at.minute else ""
    return f"{date_fr(at.date())} à {at.hour}{NO_BREAK}h{minutes}"


def _duration(minutes: int) -> str:
    from atre.calc.wording import NO_BREAK

    if minutes % 1440 == 0:
        return f"{minutes // 1440}{NO_BREAK}j"
    if minutes % 60 == 0:
        return f"{minutes // 60}{NO_BREAK}h"
    return f"{minutes}{NO_BREAK}min"


def _count(count: int, word: str) -> str:
    from atre.calc.wording import NO_BREAK, number_fr

    return f"{number_fr(count)}{NO_BREAK}{word}{'s' if count > 1 else ''}"


def _reject_line(reject: dict[str, Any]) -> str:
    first = [f"ligne {reject['first_line']}"] if reject["first_line"] else []
    first += [reject["first_place"]] if reject["first_place"] else []
    first += [f"« {reject['first_found']} »"] if reject["first_found"] else []
    where = f" (d’abord {', '.join(first)})" if first else ""
    return f"{reject['count']} × {reject['reason']}{where}"


def _warning_line(warned: dict[str, Any]) -> str:
    times = f"{warned['count']} × " if warned["count"] > 1 else ""
    line = f" (d’abord ligne {warned['first_line']})" if warned["first_line"] else ""
    return f"{times}{warned['reason']}{line}"
