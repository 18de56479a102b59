"""The official examples of EN 16931 give the sums they state, and come back from our own writing as they went in."""

import tarfile
from fractions import Fraction
from functools import cache

import pytest

from tests import samples
from toadlane.kernel.currencies import UnknownCurrency
from toadlane.money.invoicing.policies import cii, documents, ubl, xml

EXAMPLES = samples.FOLDER / "money" / "einvoice" / "en16931-examples.tar.xz"
NAMES = 33


@cache
def examples() -> dict[str, bytes]:
    with tarfile.open(EXAMPLES) as packed:
        files = {one.name: packed.extractfile(one) for one in packed.getmembers() if one.isfile()}
        return {name: file.read() for name, file in files.items() if file}


def syntax(name: str):
    return ubl if "/ubl/" in name else cii


needed = pytest.mark.skipif(not EXAMPLES.exists(), reason=samples.ABSENT)


@needed
def test_all_examples_are_there():
    assert len(examples()) == NAMES


@needed
def test_the_sums_of_every_example_are_those_it_states():
    wrong = {}
    for name, data in examples().items():
        read = syntax(name).read(data)
        if documents.totals(read.document) != read.stated:
            wrong[name] = documents.totals(read.document), read.stated
    assert not wrong


@needed
def test_the_tax_of_every_category_of_every_example_is_its_basis_times_its_rate_rounded_once():
    """But for one in forints, that rounds its tax to whole ones."""
    wrong = {}
    for name, data in examples().items():
        document = syntax(name).read(data).document
        ours = {one.key: (one.basis, one.tax) for one in documents.taxes(document.lines, document.adjustments)}
        theirs = {one.key: (one.basis, one.tax) for one in document.taxes}
        if ours != theirs:
            wrong[name] = ours, theirs
    forints = {("S", Fraction(27, 100)): (6918000, 1867860)}, {("S", Fraction(27, 100)): (6918000, 1867900)}
    assert wrong == {"en/cii/examples/huf_example_cii.xml": forints}


@needed
@pytest.mark.parametrize("other", [cii, ubl])
def test_what_is_written_in_either_syntax_reads_as_it_was(other):
    for name, data in examples().items():
        document = syntax(name).read(data).document
        again = other.read(other.write(document))
        assert (again.document, again.stated) == (document, documents.totals(document)), name


@pytest.mark.parametrize("data", [
    b"", b"<no", b"<html/>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
    b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>",
])  # fmt: skip
@pytest.mark.parametrize("syntax", [cii, ubl])
def test_what_is_no_invoice_is_said_to_be_none(syntax, data):
    with pytest.raises((xml.Unreadable, UnknownCurrency)):
        syntax.read(data)


@pytest.mark.parametrize("written", ["1e999999999", "-1e-999999999", "NaN", "Infinity"])
def test_a_number_of_a_few_letters_that_would_fill_the_machine_cannot_be_read(written):
    node = xml.parse(f"<a><b>{written}</b></a>".encode())
    for read in (xml.Reader({}, "EUR").minor, xml.Reader({}, "EUR").rate):
        with pytest.raises(xml.Unreadable):
            read(node, "b")
