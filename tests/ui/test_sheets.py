"""Lists that people fill in: what is drawn comes back as it was, wrong cells say so where they are, and nothing typed is lost."""

import re

import pytest
from django import forms
from django.http import QueryDict
from django.template import engines
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

from toadlane.ui import figures
from toadlane.ui.sheets import Cell, Context, Record, Rows, SheetField, arrange, faults, read, tell, write

SIZES = Rows(
    cells=(
        Cell(name="id", kind="key"), Cell(name="names", label="Called", kind="names"),
        Cell(name="hours", label="Takes", kind="decimal", unit="hours", minimum=0),
        Cell(name="price", label="Price", kind="money", minimum=1),
        Cell(name="less", label="Less", kind="rate", empty="0", required=False),
        Cell(name="notes", label="Notes", kind="rows", empty=[], required=False, rows=Rows(
            cells=(Cell(name="on", label="Day", kind="date"),), one="Note", add="Add a note", once=("on",),
        )),
    ),
    one="Size", add="Add a size", once=("id",),
)  # fmt: skip
STEPS = Rows(
    cells=(Cell(name="hours", label="Less than", kind="decimal"), Cell(name="rate", label="Owes", kind="rate")),
    one="Step", add="Add a step", once=("hours",), least=1,
)  # fmt: skip
PARTS = Rows(
    cells=(
        Cell(name="class", label="Class", kind="choice", options=lambda context: [("worker", "Workers"), ("friend", "Friends")]),
        Cell(name="part", label="Part", kind="rate"),
    ),
    one="Class", add="Add a class", is_pairs=True, once=("class",),
)  # fmt: skip
KNOWN = [{"id": "one", "names": {"en": "One room", "eo": "Unu"}, "hours": "2.50", "price": 6750, "secret": [1]}]


class ListForm(forms.Form):
    def __init__(self, *args, sheet=SIZES, before=KNOWN, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"] = SheetField(sheet=sheet, context=Context(), before=before, label="What")


def sent(**cells):
    data = QueryDict(mutable=True)
    for name, value in cells.items():
        data[name.replace("__", "-")] = value
    return data


def drawn(form):
    markup = CottonCompiler().process('<c-errors :form="form" /><c-field :field="form.what" />')
    return engines["django"].from_string(markup).render({"form": form})


def as_sent(html):
    """Return what a browser would send of a page that nobody touched."""
    data = QueryDict(mutable=True)
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = (re.search(rf' {key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and ("checkbox" not in tag or " checked" in tag):
            data.appendlist(name[1], value[1] if value else "on")
    for name, text in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>([^<]*)</textarea>', html):
        data.appendlist(name, text)
    for name, inside in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', html, re.DOTALL):
        data.appendlist(name, re.findall(r'value="([^"]*)" selected', inside)[0])
    return data


@pytest.mark.parametrize("language", ["en", "es", "fr", "ar"])
def test_a_list_that_nobody_touched_comes_back_as_it_was(language):
    with translation.override(language):
        form = ListForm(as_sent(drawn(ListForm())))
        assert form.is_valid(), form.errors
        assert form.cleaned_data["what"] == KNOWN, "also the way a number was written, and what no field asks about"


def test_a_list_that_was_not_sent_is_not_an_empty_one():
    form = ListForm(QueryDict("other=1"))
    assert form.is_valid() and form.cleaned_data["what"] == KNOWN
    emptied = ListForm(sent(what__rows="0"))
    assert emptied.is_valid() and emptied.cleaned_data["what"] == []


def test_a_new_row_gets_a_key_of_its_own_that_nobody_types():
    data = sent(
        what__rows="3", what__0__id="one", what__0__was="0", what__0__hours="2", what__0__price="1",
        **{"what-0-names-en": "One room", "what-1-names-es": "Desván", "what-2-names-es": "Desván"},
        what__1__hours="1,5", what__1__price="12,50", what__2__hours="1", what__2__price="1",
    )  # fmt: skip
    with translation.override("es"):
        form = ListForm(data)
        assert form.is_valid(), form.errors
    rows = form.cleaned_data["what"]
    assert [row["id"] for row in rows] == ["one", "desvan", "desvan_2"]
    assert rows[0]["secret"] == [1] and rows[0]["names"] == {"en": "One room", "eo": "Unu"}
    assert (rows[1]["hours"], rows[1]["price"]) == ("1.5", 1250) and "less" not in rows[1]


def test_each_fault_stands_at_its_cell_and_what_was_typed_stays():
    data = sent(
        what__rows="1", what__0__id="one", what__0__was="0", what__0__hours="a while", what__0__price="0", what__0__less="101",
        what__0__notes__rows="1", what__0__notes__0__on="soon", **{"what-0-names-en": "One room"},
    )  # fmt: skip
    form = ListForm(data)
    assert not form.is_valid()
    html = drawn(form)
    assert re.findall(r'href="#([\w-]+)"', html) == [
        "id_what-0-hours", "id_what-0-price", "id_what-0-less", "id_what-0-notes-0-on",
    ]  # fmt: skip
    for name in ("hours", "price", "less", "notes-0-on"):
        assert re.search(rf'id="id_what-0-{name}"[^>]*aria-describedby="id_what-0-{name}-error"[^>]*aria-invalid="true"', html)
    assert 'value="a while"' in html and 'value="soon"' in html and 'value="101"' in html
    assert "Size 1: One room, Takes: Write a number" in html


def test_rows_with_a_name_are_folded_from_two_on_but_not_where_something_is_wrong():
    def row(n, hours):
        return {f"what-{n}-names-en": f"Room {n}", f"what-{n}-hours": hours, f"what-{n}-price": "12.50"}

    def folded(count, hours="2"):
        data = sent(what__rows=str(count))
        for n in range(count):
            data.update(row(n, hours if n == 1 else "2"))
        return re.findall(r'<summary><b>([^<]*)</b><span class="quiet num">([^<]*)', drawn(ListForm(data)))

    assert folded(1) == []
    assert folded(2) == [("Size 1: Room 0", "2 hours, €12.50"), ("Size 2: Room 1", "2 hours, €12.50")]
    assert [title for title, _figures in folded(3, hours="a while")] == ["Size 1: Room 0", "Size 3: Room 2"]
    with translation.override("fr"):
        # The sign of a currency stands where the language writes it.
        assert [figures.split(", ")[-1] for _title, figures in folded(2)] == ["12.50 €", "12.50 €"]


def test_rows_that_nobody_filled_in_are_left_out_and_half_filled_ones_are_not():
    form = ListForm(sent(what__rows="2", what__1__hours="2"))
    assert not form.is_valid()
    assert set(form.fields["what"].cell_faults) == {"1-names", "1-price"}
    assert read(STEPS, [{"#was": "", "hours": "", "rate": ""}], [], Context()).faults == {"": "There has to be one at least."}


def test_the_same_twice_is_said_once():
    rows = [{"#was": "", "hours": "2", "rate": "50"}, {"#was": "", "hours": "2", "rate": "20"}]
    assert list(read(STEPS, rows, [], Context()).faults) == ["1-hours"]


@pytest.mark.parametrize(
    ("deed", "hours", "focus"),
    [
        ("add:", ["1", "2", ""], "2"), ("drop:0", ["2"], "0"), ("drop:1", ["1"], "0"), ("up:1", ["2", "1"], "0"),
        ("up:0", ["1", "2"], "0"), ("drop:7", ["1", "2"], ""), ("add:nowhere", ["1", "2"], ""), ("<b>", ["1", "2"], ""),
    ],
)  # fmt: skip
def test_a_button_of_a_row_keeps_what_was_typed_and_checks_nothing(deed, hours, focus):
    data = sent(arrange=deed, what__rows="2", what__0__hours="1", what__1__hours="2", what__1__rate="nonsense")
    form = ListForm(sheet=STEPS, before=[])
    arrange(form, data)
    assert [row["hours"] for row in form.initial["what"]] == hours and form.fields["what"].focus == focus
    html = drawn(form)
    assert "error" not in html and (("nonsense" in html) == ("2" in hours))


def test_a_row_inside_a_row_comes_and_goes_too():
    form = ListForm()
    arrange(form, sent(arrange="add:0-notes", what__rows="1", what__0__notes__rows="0"))
    html = drawn(form)
    assert 'name="what-0-notes-0-on"' in html and re.search(r'id="id_what-0-notes-0-on"[^>]* autofocus', html)


def test_enter_in_a_field_does_not_take_out_the_first_row():
    html = drawn(ListForm())
    assert html.index("<button") < html.index('name="arrange"')
    assert 'name="arrange"' not in html[html.index("<button") : html.index("</button")]


def test_a_value_by_key_is_a_list_to_people():
    value = {"worker": "2/3", "friend": "0.5"}
    assert [row["part"] for row in write(PARTS, value, Context())] == ["2/3", "50"]
    assert read(PARTS, write(PARTS, value, Context()), value, Context()).value == value
    assert faults(PARTS, {"nobody": "0.5"}, Context()) == {"0-class": "This is not one of those there are."}
    assert [(line.label, line.text) for line in tell(PARTS, value, Context())] == [("Workers", "66.6667%"), ("Friends", "50%")]


def test_a_record_with_nothing_in_it_is_empty_and_half_a_one_is_not():
    card = Record(cells=(Cell(name="hourly", label="Hour", kind="money"), Cell(name="opens", label="From", kind="time")))
    assert read(card, write(card, {}, Context()), {}, Context()).value == {}
    assert read(card, {"hourly": "27", "opens": ""}, {}, Context()).faults == {"opens": "Fill this in."}
    assert read(card, {"hourly": "€27", "opens": "08:00"}, {}, Context()).value == {"hourly": 2700, "opens": "08:00"}


@pytest.mark.parametrize("value", [None, 7, "x", [1], [{"hours": {}}], [{"hours": "x", "rate": "1"}], {"a": 1}])
def test_what_is_no_such_list_is_wrong_and_breaks_nothing(value):
    assert faults(STEPS, value, Context())


def test_more_rows_than_anybody_fills_in_are_not_read():
    assert len(ListForm(sent(what__rows="99999"), sheet=STEPS, before=[])["what"].value()) == 200
    assert ListForm(sent(what__rows="many"), sheet=STEPS, before=[])["what"].value() == []


@pytest.mark.parametrize("odd", ["²", "9" * 5000, "-1", "1", ""])
def test_what_nobody_could_have_typed_into_a_hidden_field_breaks_nothing(odd):
    row = {"what__rows": "1", "what__0__hours": "2", "what__0__rate": "5"}
    form = ListForm(sent(**row, what__0__was=odd), sheet=STEPS, before=[])
    assert form.is_valid() and form.cleaned_data["what"][0]["rate"]
    for deed in (f"drop:{odd}", f"up:0-{odd}", f"add:{odd}-notes"):
        again = ListForm(sheet=SIZES)
        arrange(again, sent(arrange=deed, **row))
        drawn(again)


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("en", "1,234.50", "1234.50"), ("en", "1,500", "1500"), ("en", "1.500", "1.500"), ("en", "15,40", "15.40"),
        ("es", "1.234,50", "1234.50"), ("es", "1.500", "1500"), ("es", "1,5", "1.5"), ("es", "0.500", "0.500"),
        ("fr", "1\u202f234,50", "1234.50"), ("fr", "12,5", "12.5"),
        ("ar", "\u0661\u066c\u0662\u0663\u0664\u066b\u0665", "1234.5"), ("ar", "\u0661\u0662", "12"),
        ("en", "1,2,3", "1,2,3"), ("en", "1,23,456.7", "1,23,456.7"), ("en", "\u22125", "-5"), ("en", "two", "two"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_the_language_writes_it(language, text, number):
    assert figures.read(text, language) == number


@pytest.mark.parametrize(("language", "text"), [("en", "1500.5"), ("es", "1500,5"), ("fr", "1500,5"), ("ar", "1500.5")])
def test_a_number_that_was_written_is_read_again(language, text):
    assert figures.write("1500.5", language) == text and figures.read(text, language) == "1500.5"


def test_no_two_things_of_a_page_have_one_id():
    html = drawn(ListForm(sent(what__rows="1", what__0__notes__rows="1")))
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(ids) == len(set(ids))
