"""What an EN 16931 invoice in CII says, as French suppliers send it: totals, period, lines.

EN 16931-1:2017 names each term (« BT-112 », total with VAT); Factur-X 1.0 writes them in UN/CEFACT
CrossIndustryInvoice. A term is read where that profile puts it, or is unknown: no total is computed
from the lines, nor a line from the totals.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from atre.formats.facturx_xml import Element, all_at, text_at
from atre.formats.reading import Reject, UnreadableFile
from atre.formats.text_files import rejected

ROOT_NAME = "CrossIndustryInvoice"
MAX_LINES = 100_000
AMOUNT = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,10})?")
# Codes of UN/ECE Recommendation 20, in kWh.
KWH_PER_UNIT = {
    "WHR": Decimal("0.001"),
    "KWH": Decimal(1),
    "MWH": Decimal(1000),
    "GWH": Decimal(1_000_000),
}
# UNTDID 1001: what is given back to the customer.
CREDIT_NOTES = frozenset(
    {"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"}
)
# UNTDID 1153 qualifier of the object invoiced: for an energy, its PRM or its PCE.
OBJECT_INVOICED = "130"

DEALT = "SupplyChainTradeTransaction"
AGREED = f"{DEALT}/ApplicableHeaderTradeAgreement"
SETTLED = f"{DEALT}/ApplicableHeaderTradeSettlement"
SUMMED = f"{SETTLED}/SpecifiedTradeSettlementHeaderMonetarySummation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """Amounts are in `currency`; the period is from its first day to its last, both included."""

    supplier: str | None
    supplier_siren: str | None
    supplier_vat_number: str | None
    invoice_number: str | None
    type_code: str | None
    issued_on: date | None
    period_start: date | None
    period_end: date | None
    meter_id: str | None
    currency: str | None
    lines_ht: Decimal | None
    total_ht: Decimal | None
    total_tva: Decimal | None
    total_ttc: Decimal | None
    prepaid: Decimal | None
    due: Decimal | None
    profile: str | None

    @property
    def is_credit_note(self) -> bool:
        return self.type_code in CREDIT_NOTES


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """`energy_kwh` is the quantity when its unit is one of energy; the basis of a gas is not said."""

    line: str | None
    label: str | None
    quantity: Decimal | None
    unit_code: str | None
    energy_kwh: Decimal | None
    unit_price_ht: Decimal | None
    total_ht: Decimal | None
    vat_rate_percent: Decimal | None
    period_start: date | None
    period_end: date | None
    meter_id: str | None


@dataclass(slots=True)
class Terms:
    """Reads the terms of an invoice, and keeps those that cannot be read."""

    rejects: list[Reject] = field(default_factory=list)

    def amount(self, found: Element | None, term: str) -> Decimal | None:
        text = found.text if found is not None else ""
        if not text:
            return None
        if not AMOUNT.fullmatch(text) or not text.isascii():
            reason = "Ce n’est pas un montant : des chiffres, un point pour les décimales."
            self.rejects.append(rejected(None, reason, place=term, found=text))
            return None
        return Decimal(text)

    def amount_at(self, element: Element, path: str, term: str) -> Decimal | None:
        return self.amount(next(all_at(element, path), None), term)

    def day_at(self, element: Element, path: str, term: str) -> date | None:
        found = next(all_at(element, path), None)
        text = found.text if found is not None else ""
        if found is None or not text:
            return None
        if found.get("format", "102") == "102" and len(text) == 8 and text.isdecimal():
            try:
                return date(int(text[:4]), int(text[4:6]), int(text[6:]))
            except ValueError:
                pass
        reason = "Ce n’est pas une date écrite AAAAMMJJ (format 102)."
        self.rejects.append(rejected(None, reason, place=term, found=text))
        return None

    def period_at(self, element: Element, path: str, terms: str) -> tuple[date | None, date | None]:
        start = self.day_at(element, f"{path}/StartDateTime/DateTimeString", terms)
        end = self.day_at(element, f"{path}/EndDateTime/DateTimeString", terms)
        if start and end and end < start:
            reason = "La période finit avant de commencer."
            self.rejects.append(rejected(None, reason, place=terms, found=f"{start} – {end}"))
            return None, None
        return start, end


def read_invoice(root: Element, terms: Terms) -> Invoice:
    """The head of an invoice: EN 16931-1's terms, None for what it does not say or cannot be read,
    which `terms` then keeps as a reject. Raises `UnreadableFile` for an XML that is no CII invoice.

    >>> from atre.formats.facturx_xml import parsed
    >>> terms = Terms()
    >>> invoice = read_invoice(parsed(b'''<CrossIndustryInvoice><ExchangedDocument><ID>F1</ID>
    ... <TypeCode>381</TypeCode><IssueDateTime><DateTimeString>20260230</DateTimeString>
    ... </IssueDateTime></ExchangedDocument></CrossIndustryInvoice>'''), terms)
    >>> invoice.invoice_number, invoice.is_credit_note, invoice.issued_on, invoice.total_ttc
    ('F1', True, None, None)
    >>> terms.rejects[0].place, terms.rejects[0].found
    ('BT-2', '20260230')
    """
    if root.name != ROOT_NAME:
        raise UnreadableFile(
            f"Ce XML n’est pas une facture Factur-X : sa racine est « {root.name[:60]} »."
        )
    seller = f"{AGREED}/SellerTradeParty"
    currency = text_at(root, f"{SETTLED}/InvoiceCurrencyCode")
    start, end = terms.period_at(root, f"{SETTLED}/BillingSpecifiedPeriod", "BT-73, BT-74")
    return Invoice(
        supplier=text_at(root, f"{seller}/Name"),
        supplier_siren=_siren(root, f"{seller}/SpecifiedLegalOrganization/ID"),
        supplier_vat_number=_identified(
            root, f"{seller}/SpecifiedTaxRegistration/ID", "schemeID", "VA"
        ),
        invoice_number=text_at(root, "ExchangedDocument/ID"),
        type_code=text_at(root, "ExchangedDocument/TypeCode"),
        issued_on=terms.day_at(root, "ExchangedDocument/IssueDateTime/DateTimeString", "BT-2"),
        period_start=start,
        period_end=end,
        meter_id=_object_invoiced(root, AGREED),
        currency=currency,
        lines_ht=terms.amount_at(root, f"{SUMMED}/LineTotalAmount", "BT-106"),
        total_ht=terms.amount_at(root, f"{SUMMED}/TaxBasisTotalAmount", "BT-109"),
        total_tva=terms.amount(_tax_total(root, currency), "BT-110"),
        total_ttc=terms.amount_at(root, f"{SUMMED}/GrandTotalAmount", "BT-112"),
        prepaid=terms.amount_at(root, f"{SUMMED}/TotalPrepaidAmount", "BT-113"),
        due=terms.amount_at(root, f"{SUMMED}/DuePayableAmount", "BT-115"),
        profile=text_at(
            root, "ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID"
        ),
    )


def read_lines(root: Element, terms: Terms) -> Iterator[InvoiceLine]:
    """The lines of an invoice, in its order. `energy_kwh` is the quantity brought to kWh when its
    unit is one of energy (UN/ECE Recommendation 20), else None; a price is brought to one unit.
    Terms that cannot be read are None, and kept in `terms`. Raises `UnreadableFile` beyond
    `MAX_LINES`.

    >>> from atre.formats.facturx_xml import parsed
    >>> item = '''<IncludedSupplyChainTradeLineItem><SpecifiedTradeProduct><Name>{}</Name>
    ... </SpecifiedTradeProduct><SpecifiedLineTradeDelivery><BilledQuantity unitCode="{}">{}
    ... </BilledQuantity></SpecifiedLineTradeDelivery></IncludedSupplyChainTradeLineItem>'''
    >>> items = item.format("Fourniture", "MWH", "1.25") + item.format("Abonnement", "MON", "2")
    >>> invoice = f"<a><{DEALT}>{items}</{DEALT}></a>".encode()
    >>> [(line.label, line.energy_kwh) for line in read_lines(parsed(invoice), Terms())]
    [('Fourniture', Decimal('1250.00')), ('Abonnement', None)]
    """
    lines = all_at(root, f"{DEALT}/IncludedSupplyChainTradeLineItem")
    for number, item in enumerate(lines, start=1):
        if number > MAX_LINES:
            raise UnreadableFile("Cette facture a trop de lignes : elle n’a pas été lue.")
        yield _line(item, terms)


def _line(item: Element, terms: Terms) -> InvoiceLine:
    settled = "SpecifiedLineTradeSettlement"
    name = text_at(item, "AssociatedDocumentLineDocument/LineID")
    place = f"ligne {name}, " if name else ""
    billed = next(all_at(item, "SpecifiedLineTradeDelivery/BilledQuantity"), None)
    quantity = terms.amount(billed, f"{place}BT-129")
    unit_code = billed.get("unitCode") if billed is not None else None
    factor = KWH_PER_UNIT.get(unit_code or "")
    start, end = terms.period_at(
        item, f"{settled}/BillingSpecifiedPeriod", f"{place}BT-134, BT-135"
    )
    return InvoiceLine(
        line=name,
        label=text_at(item, "SpecifiedTradeProduct/Name"),
        quantity=quantity,
        unit_code=unit_code,
        energy_kwh=quantity * factor if quantity is not None and factor else None,
        unit_price_ht=_unit_price(item, terms, place),
        total_ht=terms.amount_at(
            item,
            f"{settled}/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount",
            f"{place}BT-131",
        ),
        vat_rate_percent=terms.amount_at(
            item, f"{settled}/ApplicableTradeTax/RateApplicablePercent", f"{place}BT-152"
        ),
        period_start=start,
        period_end=end,
        meter_id=_object_invoiced(item, settled),
    )


def _unit_price(item: Element, terms: Terms, place: str) -> Decimal | None:
    """The net price of one unit: the price may be given for a hundred or a thousand of them."""
    path = "SpecifiedLineTradeAgreement/NetPriceProductTradePrice"
    price = terms.amount_at(item, f"{path}/ChargeAmount", f"{place}BT-146")
    counted = terms.amount_at(item, f"{path}/BasisQuantity", f"{place}BT-149")
    if price is None or counted is None:
        return price
    return price / counted if counted > 0 else None


def _tax_total(root: Element, currency: str | None) -> Element | None:
    """The VAT in the invoice's currency: a second total may stand in another one (BT-111)."""
    totals = list(all_at(root, f"{SUMMED}/TaxTotalAmount"))
    named = [total for total in totals if total.get("currencyID", currency) == currency]
    return named[0] if len(named) == 1 else None


def _identified(root: Element, path: str, attribute: str, value: str) -> str | None:
    for found in all_at(root, path):
        if found.get(attribute) == value:
            return found.text or None
    return None


def _siren(root: Element, path: str) -> str | None:
    """ISO 6523 code 0002 is SIREN, 0009 SIRET, whose first nine figures are the SIREN."""
    found = _identified(root, path, "schemeID", "0002") or _identified(
        root, path, "schemeID", "0009"
    )
    bare = "".join((found or "").split())
    return bare[:9] if len(bare) in (9, 14) and bare.isdecimal() else None


def _object_invoiced(element: Element, path: str) -> str | None:
    for document in all_at(element, f"{path}/AdditionalReferencedDocument"):
        if text_at(document, "TypeCode") == OBJECT_INVOICED:
            return text_at(document, "IssuerAssignedID")
    return None
