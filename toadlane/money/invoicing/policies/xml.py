"""Reading and writing invoices as XML: what both syntaxes need."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from lxml import etree

from toadlane.kernel.currencies import exponent
from toadlane.kernel.rates import is_modest
from toadlane.money.invoicing.policies.documents import Document, Totals

LARGEST = 20_000_000
PROFILE = "urn:cen.eu:en16931:2017"


class Unreadable(ValueError):
    """This is not an invoice as EN 16931 has it."""


@dataclass(frozen=True)
class Read:
    """A document and the sums it states of itself, for whoever wants to compare."""

    document: Document
    stated: Totals


class Writer:
    """Elements by prefix and name, in the order they are asked for. Nothing is written for what is empty."""

    def __init__(self, root: str, spaces: Mapping[str | None, str]) -> None:
        self.spaces = spaces
        self.root = etree.Element(self._name(root), nsmap=dict(spaces))

    def _name(self, name: str) -> str:
        prefix, _, local = name.rpartition(":")
        return f"{{{self.spaces[prefix or None]}}}{local}"

    def put(self, parent: Any, path: str, text: object = None, **attributes: str) -> Any:
        """Add elements along a path below a parent; return the last."""
        for name in path.split("/"):
            parent = etree.SubElement(parent, self._name(name))
        if text is not None:
            parent.text = str(text)
        for key, value in attributes.items():
            parent.set(key, value)
        return parent

    def maybe(self, parent: Any, path: str, text: object, **attributes: str) -> None:
        if text:
            self.put(parent, path, text, **attributes)

    def bytes(self) -> bytes:
        return bytes(etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


class Reader:
    """Look things up by path below an element."""

    def __init__(self, spaces: Mapping[str, str], currency: str) -> None:
        self.spaces, self.scale = dict(spaces), max(exponent(currency), 2)

    def all(self, node: Any, path: str) -> list[Any]:
        return list(node.xpath(path, namespaces=self.spaces))

    def text(self, node: Any, path: str) -> str:
        found = self.all(node, path)
        return (found[0] if isinstance(found[0], str) else found[0].text or "").strip() if found else ""

    def number(self, node: Any, path: str) -> Decimal:
        try:
            found = Decimal(self.text(node, path) or "0")
        except InvalidOperation as error:
            raise Unreadable(path) from error
        if not is_modest(found):
            raise Unreadable(path)
        return found

    def minor(self, node: Any, path: str) -> int:
        value = self.number(node, path).scaleb(self.scale)
        if value != value.to_integral_value():
            raise Unreadable(f"{path}: more digits than the currency has")
        return int(value)

    def rate(self, node: Any, path: str) -> Fraction:
        return Fraction(self.number(node, path)) / 100

    def day(self, node: Any, path: str) -> date | None:
        """Return a date, in either of the ways invoices write them."""
        text = self.text(node, path).removesuffix("Z")[:10]
        for form in ("%Y%m%d", "%Y-%m-%d"):
            try:
                return datetime.strptime(text, form).date()  # noqa: DTZ007  A civil date, without an hour.
            except ValueError:
                continue
        return None


def parse(data: bytes) -> Any:
    """Return the root of a document; nothing is fetched and no entity is followed.

    :raises Unreadable: when it is not XML, or larger than any invoice
    """
    if len(data) > LARGEST:
        raise Unreadable("too large")
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as error:
        raise Unreadable(str(error)) from error
    if root.getroottree().docinfo.doctype:
        raise Unreadable("a document type has no place in an invoice")
    return root
