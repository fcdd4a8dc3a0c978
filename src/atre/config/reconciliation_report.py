"""What several files of one meter say together: the comparison as JSON, and as lines for a person."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from atre.formats.reading import Reading
    from atre.formats.reconcile import Compared


def reconciled(readings: "Sequence[Reading]") -> list[dict[str, Any]]:
    """The comparison of a curve, indexes and invoices among several files, empty when there are
    not two to compare; invoices that several files give twice are told even so."""
    from atre.formats.reconcile import NotComparable, reconcile_invoices, reconcile_months
    from atre.formats.reconcile_series import sorted_by_role

    curve, indexes, invoices = sorted_by_role(readings)
    found: list[dict[str, Any]] = []
    try:
        if curve is not None and indexes is not None:
            found += [_compared(line) for line in reconcile_months(curve, indexes)]
        if invoices and (curve is not None or indexes is not None or _are_of_one(invoices)):
            lines = reconcile_invoices(invoices, curve=curve, indexes=indexes)
            # Alone, invoices are compared with nothing: only what their files say twice is told.
            found += [_compared(line) for line in lines if line.gaps or line.invoice_doubts_fr]
    except NotComparable as refusal:
        return [
            {"period": None, "gaps": [{"reason": "not_comparable", "sentence": refusal.message_fr}]}
        ]
    return found


def _are_of_one(invoices: "Sequence[pa.Table]") -> bool:
    """Whether the files name one same meter: without a name, they may be those of two homes."""
    names = {name for table in invoices for name in table["meter_id"].unique().to_pylist()}
    return len(names) == 1 and None not in names


def _compared(line: "Compared") -> dict[str, Any]:
    return {
        "period": line.label_fr,
        "curve_kwh": _rounded(line.curve_kwh),
        "curve_missing_hours": round(line.curve_missing_hours, 2),
        "curve_doubled_hours": round(line.curve_doubled_hours, 2),
        "curve_contradicted_hours": round(line.curve_contradicted_hours, 2),
        "index_kwh": _rounded(line.index_kwh),
        "index_is_partial": line.index_is_partial,
        "invoice_kwh": _rounded(line.invoice_kwh),
        "invoice_doubts": list(line.invoice_doubts_fr),
        "gaps": [
            {
                "between": [gap.first.value, gap.second.value],
                "kwh": _rounded(gap.kwh),
                "reason": gap.reason.value,
                "sentence": gap.sentence_fr,
            }
            for gap in line.gaps
        ],
    }


def _rounded(kwh: float | None) -> float | None:
    return None if kwh is None else round(kwh, 3)


def reconciliation_page(reconciled: list[dict[str, Any]]) -> str:
    """The comparison for a person: a period that agrees in one line, another with each gap."""
    lines = ["Rapprochement :"]
    for line in reconciled:
        if line["period"] is None:
            lines += [f"  {gap['sentence']}" for gap in line["gaps"]]
            continue
        title = f"  {_capital(line['period'])} : {_counts(line)}."
        # What agrees over a part of the period is said in full: the totals above it differ.
        told = [
            gap["sentence"]
            for gap in line["gaps"]
            if gap["reason"] != "agrees" or (line["index_is_partial"] and "index" in gap["between"])
        ]
        agrees = line["gaps"] and not told
        lines.append(f"{title} Tout concorde." if agrees else title)
        told += [doubt for doubt in line["invoice_doubts"] if doubt not in told]
        if line["curve_doubled_hours"]:
            told.append(_doubled_line(line["curve_doubled_hours"]))
        lines += [f"    {sentence}" for sentence in told]
    return "\n".join(lines)


def _doubled_line(hours: float) -> str:
    from atre.calc.wording import NO_BREAK, number_fr

    return (
        f"Deux fichiers de courbe se recouvrent sur {number_fr(hours, 1)}{NO_BREAK}h, avec les "
        "mêmes mesures : elles sont comptées une fois."
    )


def _counts(line: dict[str, Any]) -> str:
    from atre.calc.wording import NO_BREAK, number_fr

    names = {"curve_kwh": "courbe", "index_kwh": "index", "invoice_kwh": "facture"}
    known = [
        f"{name} {number_fr(line[key], 1)}{NO_BREAK}kWh"
        for key, name in names.items()
        if line[key] is not None
    ]
    return ", ".join(known) or "rien n’est compté"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
