"""What ISO 19005-3 (PDF/A-3a) and Factur-X ask of a page with a document inside, looked up in the file itself."""

import io
import re
from datetime import UTC, datetime

import pytest
from lxml import etree

from tests.money.invoicing.test_documents import KINDS
from toadlane.money.invoicing.policies import cii
from toadlane.money.invoicing.services import printing
from toadlane.plumbing.printing import attached, paper

pypdf = pytest.importorskip("pypdf")
AT = datetime(2027, 3, 1, tzinfo=UTC)
FIRST = "a file that says it is PDF 1.7, with four high bytes"
FACTS = {
    "title": "Invoice 2027-00001", "author": "Slate & Co", "kind": "Invoice", "facts": [["Number", "2027-00001"]],
    "parties": [["From", "Slate & Co", "1 Quay"], ["To", "نورا"]], "head": ["What", "VAT", "Before VAT"],
    "lines": [["غسيل", "20%", "€1.00"]] * 60, "sums": [["Total", "€1.00"]], "remarks": ["Reverse charge"], "foot": "Slate & Co",
}  # fmt: skip
XMP = {
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/", "fx": "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#", "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}  # fmt: skip


def fonts(page):
    for found in page["/Resources"].get("/Font", {}).values():
        font = found.get_object()
        inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        yield font, inner["/FontDescriptor"].get_object()


def lacks(made: bytes) -> set[str]:
    """Return what a file lacks of being PDF/A-3a with an invoice inside."""
    reader = pypdf.PdfReader(io.BytesIO(made))
    root = reader.trailer["/Root"]
    meta = etree.fromstring(root["/Metadata"].get_object().get_data())
    said = {name: meta.findtext(f".//{name}", namespaces=XMP) for name in ("pdfaid:part", "pdfaid:conformance")}
    fx = {name: meta.findtext(f".//fx:{name}", namespaces=XMP) for name in printing.FILE.properties}
    declared = {node.text for node in meta.iterfind(".//pdfaProperty:name", XMP)}
    intents = [one.get_object() for one in root.get("/OutputIntents", [])]
    inside = [one.get_object() for one in root.get("/AF", [])]
    names = root.get("/Names", {}).get("/EmbeddedFiles", {}).get("/Names", [])
    streams = [one["/EF"]["/F"].get_object() for one in inside]
    kept = {
        FIRST: bool(re.match(rb"%PDF-1\.7\n%[\x80-\xff]{4}", made)),
        "an identifier, and no cipher": "/ID" in reader.trailer and "/Encrypt" not in reader.trailer,
        "metadata in clear": "/Filter" not in root["/Metadata"].get_object(),
        "part 3, level A": said == {"pdfaid:part": "3", "pdfaid:conformance": "A"},
        "the properties of Factur-X": fx == printing.FILE.properties,
        "a declaration of each of them": set(printing.FILE.properties) <= declared,
        "colors of a profile": len(intents) == 1 and intents[0]["/S"] == "/GTS_PDFA1" and "/DestOutputProfile" in intents[0],
        "tags, and the language": root["/MarkInfo"]["/Marked"].value and "/StructTreeRoot" in root and root["/Lang"] == "en",
        "one file inside, by its name": [one["/UF"] for one in inside] == ["factur-x.xml"] and names[0] == "factur-x.xml",
        "what the file is to the page": all(one["/AFRelationship"] == "/Alternative" and one["/Desc"] for one in inside),
        "its kind and its day": all(one["/Subtype"] == "/text/xml" and "/ModDate" in one["/Params"] for one in streams),
        "every font inside, with its letters": all(
            "/FontFile2" in inner and "/ToUnicode" in font for page in reader.pages for font, inner in fonts(page)
        ),
        "no program": not re.search(rb"/(JavaScript|Launch|OpenAction|AA)\b", made),
    }  # fmt: skip
    return {name for name, is_kept in kept.items() if not is_kept}


@pytest.mark.parametrize("kind", KINDS)
def test_the_paper_is_of_the_archival_kind_and_holds_the_document(kind):
    data = cii.write(KINDS[kind])
    made = attached.pdf(printing.PAPER, FACTS, language="en", at=AT, file=printing.FILE, data=data)
    assert lacks(made) == set()
    assert pypdf.PdfReader(io.BytesIO(made)).attachments["factur-x.xml"][0] == data


def test_the_check_sees_what_is_missing():
    plain = lacks(paper.pdf(printing.PAPER, FACTS, language="en", at=AT))
    assert {"part 3, level A", "the properties of Factur-X", "one file inside, by its name"} <= plain
    made = attached.pdf(printing.PAPER, FACTS, language="en", at=AT, file=printing.FILE, data=b"<a/>")
    for wound, seen in (
        (made.replace(b"/AFRelationship/Alternative", b"/AFRelationship/Unspecified"), "what the file is to the page"),
        (made.replace(b"<pdfaid:part>3<", b"<pdfaid:part>2<"), "part 3, level A"),
        (made.replace(b"/GTS_PDFA1", b"/GTS_PDFX1"), "colors of a profile"), (b"%PDF-1.4" + made[8:], FIRST),
    ):  # fmt: skip
        assert wound != made and seen in lacks(wound)
