"""Electronic invoices: what the XML says is read, what it does not say stays unknown."""

import contextlib
import io
import zlib
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.formats.facturx import FORMATS, INVOICE_LINES, INVOICES, read_facturx
from atre.formats.facturx_attachments import MAX_ATTACHMENT_BYTES, attachments
from atre.formats.reading import Reading, UnreadableFile, collect

NAMESPACES = (
    'xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
    'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" '
    'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"'
)


def period(start: str, end: str) -> str:
    return (
        f'<ram:BillingSpecifiedPeriod><ram:StartDateTime><udt:DateTimeString format="102">{start}'
        "</udt:DateTimeString></ram:StartDateTime><ram:EndDateTime>"
        f'<udt:DateTimeString format="102">{end}</udt:DateTimeString></ram:EndDateTime>'
        "</ram:BillingSpecifiedPeriod>"
    )


def line(
    name: str = "1",
    label: str = "Consommation",
    quantity: str = "1200",
    unit: str = "KWH",
    price: str = "0.1",
    counted: str = "",
    amount: str = "120.00",
) -> str:
    basis = f'<ram:BasisQuantity unitCode="{unit}">{counted}</ram:BasisQuantity>' if counted else ""
    return f"""<ram:IncludedSupplyChainTradeLineItem>
<ram:AssociatedDocumentLineDocument><ram:LineID>{name}</ram:LineID></ram:AssociatedDocumentLineDocument>
<ram:SpecifiedTradeProduct><ram:Name>{label}</ram:Name></ram:SpecifiedTradeProduct>
<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice>
<ram:ChargeAmount>{price}</ram:ChargeAmount>{basis}
</ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="{unit}">{quantity}</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>
<ram:SpecifiedLineTradeSettlement>
<ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:RateApplicablePercent>20.00</ram:RateApplicablePercent></ram:ApplicableTradeTax>
{period("20250101", "20250228")}
<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>{amount}</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>
<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>09111642617347</ram:IssuerAssignedID><ram:TypeCode>130</ram:TypeCode></ram:AdditionalReferencedDocument>
</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>"""


def invoice(
    *,
    lines: str = line() + line("2", "Abonnement", "2", "MON", "15", amount="30.00"),
    ht: str = "150.00",
    tva: str = '<ram:TaxTotalAmount currencyID="EUR">30.00</ram:TaxTotalAmount>',
    ttc: str = "180.00",
    stated_lines: str = "150.00",
    kind: str = "380",
    currency: str = "EUR",
    covered: str = period("20250101", "20250228"),
    before: str = "",
) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>{before}
<rsm:CrossIndustryInvoice {NAMESPACES}>
<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:cen.eu:en16931:2017</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>F-2025-0042</ram:ID><ram:TypeCode>{kind}</ram:TypeCode>
<ram:IssueDateTime><udt:DateTimeString format="102">20250305</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>{lines}
<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>Énergie du Val</ram:Name>
<ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">123 456 782</ram:ID></ram:SpecifiedLegalOrganization>
<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR11123456782</ram:ID></ram:SpecifiedTaxRegistration>
</ram:SellerTradeParty></ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>{currency}</ram:InvoiceCurrencyCode>{covered}
<ram:SpecifiedTradeSettlementHeaderMonetarySummation>
<ram:LineTotalAmount>{stated_lines}</ram:LineTotalAmount><ram:TaxBasisTotalAmount>{ht}</ram:TaxBasisTotalAmount>
{tva}<ram:GrandTotalAmount>{ttc}</ram:GrandTotalAmount><ram:DuePayableAmount>{ttc}</ram:DuePayableAmount>
</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>""".encode()


def read(content: bytes) -> Reading:
    (known,) = [each for each in FORMATS if each.recognises(content[: 64 * 1024])]
    return collect(known, known.read(io.BytesIO(content)))


def head(reading: Reading) -> dict[str, Any]:
    (row,) = reading.tables[0].to_pylist()
    return dict(row)


def reasons(reading: Reading) -> str:
    return " ".join(warning.reason_fr for warning in reading.warnings)


def printed_pdf(*named: tuple[str, bytes]) -> bytes:
    """A PDF of one page, as Typst writes it, that carries these files."""
    import typst

    source = "#set document(date: none)\nFacture\n" + "\n".join(
        f'#pdf.attach("{name}", bytes(({",".join(map(str, content))},)))' for name, content in named
    )
    return typst.compile(source.encode())


def packed_pdf(content: bytes, *, name: bytes = b"(factur-x.xml)", extra: bytes = b"") -> bytes:
    """A PDF whose catalogue and file specification sit in an object stream, as many tools write."""
    catalogue = b"<</Type/Catalog/Names<</EmbeddedFiles<</Kids[5 0 R]>>>>>>"
    specification = b"<</Type/Filespec/UF " + name + b"/EF<</UF 4 0 R>>>>"
    tree = b"<</Names[(x) 3 0 R]>>"
    objects = b"\n".join((catalogue, specification, tree))
    places = [0, len(catalogue) + 1, len(catalogue) + len(specification) + 2]
    index = b" ".join(b"%d %d" % pair for pair in zip((1, 3, 5), places, strict=True)) + b"\n"
    packed = zlib.compress(index + objects)
    file = zlib.compress(content)
    return b"".join(
        (
            b"%PDF-1.7\n",
            b"4 0 obj <</Type/EmbeddedFile/Filter[/FlateDecode]/Length %d>>stream\r\n" % len(file),
            file,
            b"\r\nendstream\nendobj\n",
            b"6 0 obj <</Type/ObjStm/N 3/First %d/Filter/FlateDecode/Length %d>>stream\n"
            % (len(index), len(packed)),
            packed,
            b"\nendstream endobj\n",
            b"7 0 obj <</Type/XRef/Root 1 0 R" + extra + b"/Length 0>>stream\n\nendstream endobj\n",
            b"startxref\n0\n%%EOF",
        )
    )


def test_the_totals_are_those_of_the_xml():
    row = head(read(invoice()))
    assert (row["total_ht"], row["total_tva"], row["total_ttc"]) == (150.0, 30.0, 180.0)
    assert row["due"] == 180.0


def test_the_supplier_its_siren_and_the_number_are_kept():
    row = head(read(invoice()))
    assert (row["supplier"], row["supplier_siren"]) == ("Énergie du Val", "123456782")
    assert (row["supplier_vat_number"], row["invoice_number"]) == ("FR11123456782", "F-2025-0042")


def test_the_period_is_from_its_first_to_its_last_day():
    row = head(read(invoice()))
    assert (row["period_start"], row["period_end"]) == (date(2025, 1, 1), date(2025, 2, 28))
    assert row["issued_on"] == date(2025, 3, 5)


def test_the_lines_come_as_a_second_table_with_their_meter():
    reading = read(invoice())
    assert [table.schema for table in reading.tables] == [INVOICES, INVOICE_LINES]
    assert reading.tables[1].column("meter_id").to_pylist() == ["09111642617347"] * 2
    assert reading.tables[1].column("vat_rate_percent").to_pylist() == [20.0, 20.0]


def test_energy_is_known_only_for_a_unit_of_energy():
    lines = read(invoice()).tables[1]
    assert lines.column("energy_kwh").to_pylist() == [1200.0, None]


def test_megawatt_hours_are_given_in_kwh():
    reading = read(invoice(lines=line(quantity="1.2", unit="MWH"), stated_lines="120.00"))
    assert reading.tables[1].column("energy_kwh").to_pylist() == [1200.0]


def test_a_price_for_a_thousand_kwh_is_given_for_one():
    reading = read(invoice(lines=line(price="100", counted="1000"), stated_lines="120.00"))
    assert reading.tables[1].column("unit_price_ht").to_pylist() == [0.1]


def test_a_clean_invoice_has_no_reject_and_no_warning():
    reading = read(invoice())
    assert (reading.rejects, reading.warnings) == ((), ())


def test_an_invoice_without_lines_gives_its_totals_and_says_so():
    reading = read(invoice(lines="", stated_lines=""))
    assert len(reading.tables) == 1
    assert "aucune ligne" in reasons(reading)
    assert head(reading)["lines_ht"] is None


def test_lines_without_kwh_are_told():
    reading = read(invoice(lines=line("1", "Forfait", "1", "C62", "150", amount="150.00")))
    assert "Aucune ligne n’est en kWh" in reasons(reading)


def test_the_same_energy_on_several_lines_is_not_to_be_added():
    taxed = line("2", "Accise sur l’électricité", "1200", "KWH", "0.025", amount="30.00")
    assert "ne les additionnez pas" in reasons(read(invoice(lines=line() + taxed)))


def test_a_missing_period_stays_unknown_and_is_told():
    reading = read(invoice(covered=""))
    assert head(reading)["period_start"] is None
    assert "ne dit pas sa période" in reasons(reading)


def test_a_period_that_ends_before_it_starts_is_refused():
    reading = read(invoice(covered=period("20250301", "20250201")))
    assert head(reading)["period_end"] is None
    assert reading.rejects[0].place == "BT-73, BT-74"


@pytest.mark.parametrize("text", ["150,00", "cent", "1e3", "NaN", "١٥٠", "150.00 EUR"])
def test_a_total_that_is_no_amount_is_refused_with_its_term(text: str):
    reading = read(invoice(ht=text))
    assert head(reading)["total_ht"] is None
    assert (reading.rejects[0].place, reading.rejects[0].found) == ("BT-109", text)


@pytest.mark.parametrize("text", ["20250230", "2025-03-01", "202503"])
def test_a_day_that_is_none_is_refused(text: str):
    reading = read(invoice(covered=period(text, "20250401")))
    assert head(reading)["period_start"] is None
    assert reading.rejects[0].found == text


def test_totals_that_do_not_add_up_are_told_and_left_as_they_are():
    reading = read(invoice(ttc="190.00"))
    assert "ne font pas 190,00 TTC" in reasons(reading)
    assert head(reading)["total_ttc"] == 190.0


def test_totals_apart_by_a_cent_are_not_told():
    assert "ne font pas" not in reasons(read(invoice(ttc="180.01")))


def test_lines_that_do_not_make_their_total_are_told():
    assert "la facture en annonce 151,00" in reasons(read(invoice(stated_lines="151.00")))


def test_a_credit_note_is_told_since_its_amounts_are_positive():
    assert "avoir" in reasons(read(invoice(kind="381")))


def test_the_vat_is_the_one_in_the_currency_of_the_invoice():
    tva = (
        '<ram:TaxTotalAmount currencyID="CHF">28.00</ram:TaxTotalAmount>'
        '<ram:TaxTotalAmount currencyID="EUR">30.00</ram:TaxTotalAmount>'
    )
    assert head(read(invoice(tva=tva)))["total_tva"] == 30.0


def test_another_currency_than_the_euro_is_told():
    tva = "<ram:TaxTotalAmount>30.00</ram:TaxTotalAmount>"
    assert "« CHF »" in reasons(read(invoice(currency="CHF", tva=tva)))


def test_an_xml_in_utf16_is_read():
    text = invoice().decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert head(read(text.encode("utf-16")))["total_ttc"] == 180.0


def test_a_document_type_is_refused_before_any_entity_is_expanded():
    bomb = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(UnreadableFile, match="DOCTYPE"):
        read(invoice(before=bomb))


def test_an_external_entity_is_refused():
    outside = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    with pytest.raises(UnreadableFile, match="DOCTYPE"):
        read(invoice(before=outside, ht="&x;"))


def test_an_xml_cut_short_is_refused():
    with pytest.raises(UnreadableFile, match="mal formé"):
        read(invoice()[:-200])


def test_an_xml_nested_too_deep_is_refused():
    with pytest.raises(UnreadableFile, match="mal formé"):
        read(invoice(covered="<a>" * 5000 + "</a>" * 5000))


def test_another_xml_is_refused_by_the_name_of_its_root():
    with pytest.raises(UnreadableFile, match="« Invoice »"):
        [*read_facturx(io.BytesIO(b'<Invoice xmlns="urn:oasis:names:ubl"/>'))]


def test_the_invoice_that_a_pdf_carries_is_read():
    row = head(read(printed_pdf(("factur-x.xml", invoice()))))
    assert (row["invoice_number"], row["total_ttc"]) == ("F-2025-0042", 180.0)


def test_the_invoice_is_chosen_by_its_name_among_other_files():
    pdf = printed_pdf(("conditions.xml", invoice(ttc="1.00")), ("factur-x.xml", invoice()))
    assert head(read(pdf))["total_ttc"] == 180.0


def test_an_invoice_under_another_name_is_known_by_its_root():
    pdf = printed_pdf(("notes.xml", b"<notes/>"), ("facture.xml", invoice()))
    assert head(read(pdf))["total_ttc"] == 180.0


def test_two_invoices_in_one_pdf_are_refused():
    pdf = printed_pdf(("a.xml", invoice()), ("b.xml", invoice(ttc="1.00")))
    with pytest.raises(UnreadableFile, match="plusieurs factures"):
        read(pdf)


def test_a_pdf_without_xml_is_refused_with_what_to_do():
    with pytest.raises(UnreadableFile, match="ne porte pas de facture électronique"):
        read(printed_pdf())


def test_objects_packed_in_a_stream_are_read():
    assert head(read(packed_pdf(invoice())))["total_ttc"] == 180.0


@pytest.mark.parametrize(
    "name",
    [
        b"(factur\\055x.xml)",
        b"<666163747572 2D782E786D6C>",
        b"(\xfe\xff" + "factur-x.xml".encode("utf-16-be") + b")",
    ],
)
def test_the_name_of_a_file_is_read_however_it_is_written(name: bytes):
    assert [file.name for file in attachments(packed_pdf(b"<a/>", name=name))] == ["factur-x.xml"]


def test_a_false_length_does_not_lose_the_file():
    pdf = packed_pdf(invoice())
    shown = pdf.replace(b"/Filter[/FlateDecode]/Length ", b"/Filter[/FlateDecode]/Length 9")
    assert head(read(shown))["total_ttc"] == 180.0


def test_an_amended_pdf_gives_its_last_invoice_only():
    amended = invoice(ttc="200.00", tva="<ram:TaxTotalAmount>50.00</ram:TaxTotalAmount>")
    file = zlib.compress(amended)
    added = (
        b"\n9 0 obj<</Type/EmbeddedFile/Filter/FlateDecode/Length %d>>stream\n" % len(file)
        + file
        + b"\nendstream endobj\n3 0 obj<</UF(factur-x.xml)/EF<</F 9 0 R>>>>endobj\n"
        b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"
    )
    assert head(read(packed_pdf(invoice()) + added))["total_ttc"] == 200.0


def test_a_locked_pdf_is_refused():
    with pytest.raises(UnreadableFile, match="chiffré"):
        read(packed_pdf(invoice(), extra=b"/Encrypt 8 0 R"))


def test_a_locked_pdf_whose_objects_are_packed_is_said_locked_and_not_damaged():
    scrambled = packed_pdf(invoice(), extra=b"/Encrypt 8 0 R").replace(b"/ObjStm", b"/ObjStm ")
    place = scrambled.index(b"stream\n", scrambled.index(b"/ObjStm")) + 9
    with pytest.raises(UnreadableFile, match="chiffré"):
        read(scrambled[:place] + b"\x00\xff" + scrambled[place + 2 :])


def test_a_zip_bomb_in_a_pdf_is_refused():
    with pytest.raises(UnreadableFile, match="démesuré"):
        read(packed_pdf(b"<a>" + b" " * (MAX_ATTACHMENT_BYTES + 1)))


def test_another_compression_is_refused():
    pdf = packed_pdf(invoice()).replace(b"[/FlateDecode]", b"[/LZWDecode]  ")
    with pytest.raises(UnreadableFile, match="compressée d’une façon"):
        read(pdf)


def test_a_tree_that_loops_ends():
    pdf = packed_pdf(invoice()).replace(b"%PDF-1.7", b"%PDF-1.7\n")
    looped = pdf + b"\n5 0 obj<</Kids[5 0 R 5 0 R]>>endobj"
    with pytest.raises(UnreadableFile, match="ne porte pas"):
        read(looped)


def test_a_pdf_of_broken_objects_is_refused_quickly():
    with pytest.raises(UnreadableFile, match="abîmé"):
        read(b"%PDF-1.7\n" + b"1 0 obj(" * 200_000)


def test_another_reader_finds_the_same_files():
    pypdfium2 = pytest.importorskip("pypdfium2")
    pdf = printed_pdf(("factur-x.xml", invoice()), ("notes.xml", b"<notes/>"))
    document = pypdfium2.PdfDocument(pdf)
    theirs = [
        (each.get_name(), bytes(each.get_data()))
        for each in (document.get_attachment(k) for k in range(document.count_attachments()))
    ]
    assert sorted((file.name, file.content) for file in attachments(pdf)) == sorted(theirs)


def test_a_file_attached_by_another_writer_is_read():
    pypdfium2 = pytest.importorskip("pypdfium2")
    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 200)
    document.new_attachment("factur-x.xml").set_data(invoice())
    written = io.BytesIO()
    document.save(written)
    assert head(read(written.getvalue()))["total_ttc"] == 180.0


def _only_refused(content: bytes) -> None:
    """Whatever else is raised makes the test fail."""
    with contextlib.suppress(UnreadableFile):
        [*read_facturx(io.BytesIO(content))]


@given(st.binary(max_size=400))
def test_any_bytes_after_a_pdf_mark_are_refused_or_read(content: bytes):
    _only_refused(b"%PDF-1.7\n" + content)


PIECES = (b"1 0 obj", b"<<", b">>", b"[", b"(", b")", b"<", b"/Type", b"/ObjStm", b"/First 9")
PIECES += (b"stream\n", b"endstream", b"endobj", b"trailer", b"/Root 1 0 R", b"1 0 R", b"/Length 5")
PIECES += (b"/Names", b"/EmbeddedFiles", b"/EF", b"/F", b"\\", b"#41", b"0.5", b" ", b"\n", b"%")


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map(b" ".join))
def test_pieces_of_pdf_in_any_order_are_refused_or_read(content: bytes):
    _only_refused(b"%PDF-1.7\n" + content)


@settings(max_examples=150)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=6))
def test_a_pdf_with_some_bytes_changed_is_refused_or_read(place: int, written: bytes):
    pdf = packed_pdf(invoice())
    place %= len(pdf)
    _only_refused(pdf[:place] + written + pdf[place + len(written) :])


@settings(max_examples=150)
@given(st.integers(0, 10_000), st.binary(max_size=6))
def test_an_xml_with_some_bytes_changed_is_refused_or_read(place: int, written: bytes):
    xml = invoice()
    place %= len(xml)
    _only_refused(xml[:place] + written + xml[place + len(written) :])


def test_the_command_line_shows_supplier_period_and_totals(tmp_path, capsys):
    from atre.config.cli import main

    path = tmp_path / "facture.pdf"
    path.write_bytes(printed_pdf(("factur-x.xml", invoice())))
    main(["read", str(path)])
    shown = capsys.readouterr().out.replace("\u00a0", " ")
    assert "Fournisseur : Énergie du Val." in shown
    assert "Période : du 1er janvier 2025 au 28 février 2025, dernier jour compris." in shown
    assert "HT 150,00 EUR ; TVA 30,00 EUR ; TTC 180,00 EUR." in shown
