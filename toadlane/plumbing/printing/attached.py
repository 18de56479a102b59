"""Paper with a file inside (PDF/A-3), and words in its metadata that say which: people read the page, machines the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape

from toadlane.plumbing.printing import paper

ATTACH = """
#pdf.attach(sys.inputs.file-name, bytes(sys.inputs.file), relationship: sys.inputs.file-relationship,
  mime-type: sys.inputs.file-mime, description: sys.inputs.file-about)
"""


@dataclass(frozen=True, kw_only=True)
class File:
    """What is inside, and the properties of the metadata that name it (ISO 19005-3, extension schemas).

    :param properties: each with its value; written under `prefix`
    """

    name: str
    mime: str
    about: str
    relationship: Literal["alternative", "data", "source", "supplement"]
    schema: str
    namespace: str
    prefix: str
    properties: Mapping[str, str]


def pdf(template: Path, facts: Mapping[str, Any], *, language: str, at: datetime, file: File, data: bytes) -> bytes:
    """Return a document as PDF/A-3a with a text file inside, the same bytes for the same facts.

    :raises NotPrinted: when it cannot be set
    """
    inputs = {
        "file": data.decode(), "file-name": file.name, "file-mime": file.mime, "file-about": file.about,
        "file-relationship": file.relationship,
    }  # fmt: skip
    made = paper.compiled(template, facts, language=language, at=at, standard="a-3a", before=ATTACH, inputs=inputs)
    return _described(made, file)


def _described(made: bytes, file: File) -> bytes:
    """Add to the metadata by an incremental update: a new copy of that one object, and a table that points to it."""
    head, root = made.rindex(b"/Type/Metadata"), made.rindex(b"trailer\n")
    start = made.rindex(b"\n", 0, made.rindex(b" obj", 0, head)) + 1
    number = int(made[start : made.index(b" ", start)])
    begin = made.index(b"<?xpacket begin", head)
    packet = made[begin : made.index(b"\nendstream", begin)]
    packet = _with_schema(packet, file)
    before = int(made[made.rindex(b"startxref\n") + 10 : made.rindex(b"\n%%EOF")])
    trailer = made[root + 8 : made.rindex(b"startxref")].strip().removesuffix(b">>")
    update = made + b"\n"
    place = len(update)
    update += b"%d 0 obj\n<</Length %d/Type/Metadata/Subtype/XML>>\nstream\n" % (number, len(packet))
    update += packet + b"\nendstream\nendobj\n"
    table = len(update)
    update += b"xref\n%d 1\n%010d 00000 n\r\ntrailer\n%s/Prev %d>>\n" % (number, place, trailer, before)
    return update + b"startxref\n%d\n%%%%EOF\n" % table


def _with_schema(packet: bytes, file: File) -> bytes:
    words = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text'
        "</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{name} of what is inside</pdfaProperty:description></rdf:li>"
        for name in file.properties
    )
    schema = (
        f'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>{escape(file.schema)}</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{escape(file.namespace)}</pdfaSchema:namespaceURI>"
        f"<pdfaSchema:prefix>{file.prefix}</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>{words}</rdf:Seq>"
        "</pdfaSchema:property></rdf:li>"
    )
    values = "".join(f"<{file.prefix}:{name}>{escape(value)}</{file.prefix}:{name}>" for name, value in file.properties.items())
    said = f'<rdf:Description rdf:about="" xmlns:{file.prefix}="{escape(file.namespace)}">{values}</rdf:Description>'
    opening = b"<pdfaExtension:schemas><rdf:Bag>"
    assert packet.count(opening) == 1 and packet.count(b"</rdf:RDF>") == 1, "the typesetter writes its metadata otherwise now"
    return packet.replace(opening, opening + schema.encode()).replace(b"</rdf:RDF>", said.encode() + b"</rdf:RDF>")
