"""Factur-X invoices: the XML that a PDF carries, or that XML alone, as totals and lines.

The energy itself (kWh, meter, period) is often written only on the printed page: what the XML does
not say stays unknown, with a warning.
"""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields
from decimal import Decimal
from typing import Any, BinaryIO

import pyarrow as pa

from atre.calc.wording import number_fr
from atre.formats.facturx_attachments import MAX_PDF_BYTES, TOO_LARGE, Attachment, attachments
from atre.formats.facturx_invoice import (
    ROOT_NAME,
    Invoice,
    InvoiceLine,
    Terms,
    read_invoice,
    read_lines,
)
from atre.formats.facturx_xml import MAX_XML_BYTES, parsed
from atre.formats.reading import Format, Part, UnreadableFile, Warned

INVOICES = pa.schema(
    [
        pa.field("supplier", pa.string()),
        pa.field("supplier_siren", pa.string()),
        pa.field("supplier_vat_number", pa.string()),
        pa.field("invoice_number", pa.string()),
        pa.field("type_code", pa.string()),
        pa.field("issued_on", pa.date32()),
        pa.field("period_start", pa.date32()),
        pa.field("period_end", pa.date32()),
        pa.field("meter_id", pa.string()),
        pa.field("currency", pa.string()),
        pa.field("lines_ht", pa.float64()),
        pa.field("total_ht", pa.float64()),
        pa.field("total_tva", pa.float64()),
        pa.field("total_ttc", pa.float64()),
        pa.field("prepaid", pa.float64()),
        pa.field("due", pa.float64()),
        pa.field("profile", pa.string()),
    ]
)
INVOICE_LINES = pa.schema(
    [
        pa.field("line", pa.string()),
        pa.field("label", pa.string()),
        pa.field("quantity", pa.float64()),
        pa.field("unit_code", pa.string()),
        pa.field("energy_kwh", pa.float64()),
        pa.field("unit_price_ht", pa.float64()),
        pa.field("total_ht", pa.float64()),
        pa.field("vat_rate_percent", pa.float64()),
        pa.field("period_start", pa.date32()),
        pa.field("period_end", pa.date32()),
        pa.field("meter_id", pa.string()),
    ]
)
# Names that Factur-X, ZUGFeRD and XRechnung give to the XML they carry.
INVOICE_NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
# Each total is rounded to a cent by itself (EN 16931-1, 6.4.2).
ROUNDING = Decimal("0.01")


def read_facturx(stream: BinaryIO) -> Iterator[Part]:
    """An invoice: one part of one row (`INVOICES`), then one of its lines (`INVOICE_LINES`).

    Amounts are in the invoice's currency, HT unless their name says otherwise; nothing is computed
    that the XML does not say (EN 16931-1:2017). Raises `UnreadableFile` for a PDF without XML, an
    XML that is no invoice, or what is damaged.

    >>> from io import BytesIO
    >>> from atre.formats.reading import collect
    >>> invoice = b'''<CrossIndustryInvoice><SupplyChainTradeTransaction>
    ... <ApplicableHeaderTradeSettlement><InvoiceCurrencyCode>EUR</InvoiceCurrencyCode>
    ... <SpecifiedTradeSettlementHeaderMonetarySummation>
    ... <TaxBasisTotalAmount>100.00</TaxBasisTotalAmount>
    ... <GrandTotalAmount>cent vingt</GrandTotalAmount>
    ... </SpecifiedTradeSettlementHeaderMonetarySummation>
    ... </ApplicableHeaderTradeSettlement></SupplyChainTradeTransaction>
    ... </CrossIndustryInvoice>'''
    >>> found = collect(FORMATS[1], read_facturx(BytesIO(invoice)))
    >>> found.tables[0]["total_ht"].to_pylist(), found.tables[0]["total_ttc"].to_pylist()
    ([100.0], [None])
    >>> found.rejects[0].place, found.warnings[0].reason_fr
    ('BT-112', 'Le total TTC manque : il n’est pas recalculé.')
    """
    content = stream.read(MAX_PDF_BYTES + 1)
    if len(content) > MAX_PDF_BYTES:
        raise UnreadableFile(TOO_LARGE)
    xml = _carried(content) if _is_pdf(content) else content
    terms = Terms()
    root = parsed(xml)
    invoice = read_invoice(root, terms)
    lines = list(read_lines(root, terms))
    yield Part(
        rows=_rows([invoice], INVOICES),
        rejects=tuple(terms.rejects),
        warnings=tuple(_doubts(invoice, lines)),
    )
    if lines:
        yield Part(rows=_rows(lines, INVOICE_LINES))


def _is_pdf(head: bytes) -> bool:
    # Readers of PDF allow some bytes before the mark (ISO 32000-1, annex H.3.4.1).
    return b"%PDF-" in head[:1024]


def _is_invoice(head: bytes) -> bool:
    bare = head.replace(b"\x00", b"") if head.startswith((b"\xff\xfe", b"\xfe\xff")) else head
    return (
        bare.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<") and ROOT_NAME.encode() in bare
    )


def _carried(content: bytes) -> bytes:
    """The invoice that a PDF carries: by its name, else the only XML that looks like one."""
    found = attachments(content)
    named = [file for file in found if file.name.strip().casefold() in INVOICE_NAMES]
    likely = named or [file for file in found if _is_invoice(file.content[:MAX_XML_BYTES])]
    if not likely:
        raise UnreadableFile(_none_fr(found))
    if len(likely) > 1:
        raise UnreadableFile(
            "Ce PDF porte plusieurs factures électroniques : enregistrez chacune à part."
        )
    return likely[0].content


def _none_fr(found: Sequence[Attachment]) -> str:
    others = f" Il a {len(found)} autre(s) pièce(s) jointe(s)." if found else ""
    return (
        "Ce PDF ne porte pas de facture électronique (Factur-X) : ses montants sont seulement "
        f"imprimés. Saisissez-les, ou demandez la facture électronique au fournisseur.{others}"
    )


def _rows(found: Sequence[Invoice] | Sequence[InvoiceLine], schema: pa.Schema) -> pa.RecordBatch:
    columns: list[list[Any]] = [list(column) for column in zip(*map(astuple, found), strict=True)]
    names = [each.name for each in fields(found[0])]
    arrays = [
        pa.array(
            [float(value) if isinstance(value, Decimal) else value for value in column], kind.type
        )
        for column, kind in zip(columns, (schema.field(name) for name in names), strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _doubts(invoice: Invoice, lines: Sequence[InvoiceLine]) -> Iterator[Warned]:
    if invoice.is_credit_note:
        yield Warned(
            "C’est un avoir : ses montants viennent en déduction d’une facture déjà émise."
        )
    if invoice.total_ttc is None:
        yield Warned("Le total TTC manque : il n’est pas recalculé.")
    if invoice.period_start is None or invoice.period_end is None:
        yield Warned("La facture ne dit pas sa période : reprenez-la de la page imprimée.")
    if invoice.currency != "EUR":
        yield Warned(f"La facture n’est pas en euros mais en « {invoice.currency or '?'} ».")
    yield from _sums(invoice, lines)
    if sum(line.energy_kwh is not None for line in lines) > 1:
        yield Warned(
            "Plusieurs lignes sont en kWh : l’acheminement et les taxes comptent souvent la même "
            "énergie que la fourniture, ne les additionnez pas."
        )
    if not lines:
        yield Warned("La facture ne donne que des totaux, aucune ligne.")
    elif all(line.energy_kwh is None for line in lines):
        yield Warned("Aucune ligne n’est en kWh : l’énergie n’est écrite que sur la page imprimée.")


def _sums(invoice: Invoice, lines: Sequence[InvoiceLine]) -> Iterator[Warned]:
    ht, tva, ttc = invoice.total_ht, invoice.total_tva, invoice.total_ttc
    if ht is not None and tva is not None and ttc is not None and abs(ht + tva - ttc) > ROUNDING:
        yield Warned(
            f"Les totaux ne s’additionnent pas : {number_fr(ht, 2)} HT + {number_fr(tva, 2)} de TVA "
            f"ne font pas {number_fr(ttc, 2)} TTC."
        )
    amounts = [line.total_ht for line in lines if line.total_ht is not None]
    summed = sum(amounts, Decimal(0))
    stated = invoice.lines_ht
    if stated is not None and len(amounts) == len(lines) > 0 and abs(summed - stated) > ROUNDING:
        yield Warned(
            f"Les lignes font {number_fr(summed, 2)} HT, la facture en annonce "
            f"{number_fr(stated, 2)}."
        )


FORMATS: tuple[Format, ...] = (
    Format(
        key="facturx_pdf",
        title_fr="facture Factur-X (PDF qui porte son XML)",
        recognises=_is_pdf,
        read=read_facturx,
    ),
    Format(
        key="facturx_xml",
        title_fr="facture Factur-X, XML seul (EN 16931, CII)",
        recognises=_is_invoice,
        read=read_facturx,
    ),
)
