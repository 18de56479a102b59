"""Lists and price lists that people fill in: one component for every value that no single field can hold.

A sheet says what the rows are made of (`schema`). From there a value is written into fields (`typed`), drawn (`drawing`), taken
back and read with its faults at their cells (`reading`), told (`telling`), and asked for in a form (`fields`). What is money in
it can be changed wherever it stands (`amounts`).
"""

from toadlane.ui.sheets.amounts import with_amounts
from toadlane.ui.sheets.fields import DEED, SheetField, arrange, is_arranging
from toadlane.ui.sheets.reading import Read, read
from toadlane.ui.sheets.schema import Cell, Context, Record, Rows, Sheet
from toadlane.ui.sheets.telling import Line, tell
from toadlane.ui.sheets.typed import write

__all__ = [
    "DEED", "Cell", "Context", "Line", "Read", "Record", "Rows", "Sheet", "SheetField", "arrange", "faults", "is_arranging",
    "read", "tell", "with_amounts", "write",
]  # fmt: skip


def faults(sheet: Sheet, value: object, context: Context) -> dict[str, str]:
    """Return what is wrong with a value that came without a form, by path; what cannot even be laid out is wrong as a whole.

    What is chosen among things that stand elsewhere is not looked up here.
    """
    try:
        return read(sheet, write(sheet, value, context), value, context).faults
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        return {"": str(error)}
