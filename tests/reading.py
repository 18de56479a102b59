"""A page as a browser reads it: its links, its forms with what they hold, and how somebody would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

FREE = ("text", "search", "textarea")
TYPED = (*FREE, "number", "email", "url", "tel", "date", "time", "datetime-local")


def clean(text: str) -> str:
    """Return a text without what is changed in it on the way: where its lines end, space around it, and zero bytes."""
    return " ".join(text.replace("\x00", "").split())


@dataclass
class Control:
    name: str
    kind: str
    value: str
    options: list[str] = field(default_factory=list)
    attrs: dict[str, str] = field(default_factory=dict)
    checked: bool = False


@dataclass
class Form:
    method: str
    action: str
    controls: list[Control] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def typed(self) -> list[Control]:
        return [one for one in self.controls if one.kind in TYPED]

    @property
    def free(self) -> list[Control]:
        return [one for one in self.controls if one.kind in FREE and one.attrs.get("inputmode") not in ("numeric", "decimal")]


class Reader(HTMLParser):
    """A page as a browser reads it: its links, and its forms with what they hold."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self._loose: list[tuple[str, Control | tuple[str, str, str]]] = []
        self._read: list[str] = []
        self._form: Form | None = None
        self._text: list[str] | None = None
        self._select: Control | None = None
        self._control: Control | None = None
        self.feed(html)
        self.close()
        for name, thing in self._loose:
            if name in self.by_id:
                self._into(self.by_id[name], thing)

    def holds(self, text: str) -> bool:
        """Say whether a text is read on the page, or stands in one of its fields."""
        wanted = clean(text)
        values = (clean(one.value) for form in self.forms for one in form.controls)
        return wanted in clean("".join(self._read)) or any(wanted == value for value in values)

    @staticmethod
    def _into(form: Form, thing: Control | tuple[str, str, str]) -> None:
        (form.controls if isinstance(thing, Control) else form.buttons).append(thing)  # type: ignore[arg-type]

    def _add(self, attrs: dict[str, str], thing: Control | tuple[str, str, str]) -> None:
        if "form" in attrs:
            self._loose.append((attrs["form"], thing))
        elif self._form:
            self._into(self._form, thing)

    def handle_starttag(self, tag: str, found: list[tuple[str, str | None]]) -> None:
        attrs = {name: value or "" for name, value in found}
        if tag == "a" and attrs.get("href"):
            self.links.append(attrs["href"])
        elif tag == "form":
            self._form = Form(attrs.get("method", "get").lower(), attrs.get("action", ""))
            self.forms.append(self._form)
            if "id" in attrs:
                self.by_id[attrs["id"]] = self._form
        elif tag == "button" and attrs.get("type", "submit") == "submit" and "disabled" not in attrs:
            self._add(attrs, (attrs.get("name", ""), attrs.get("value", ""), attrs.get("formaction", "")))
        elif tag in ("input", "textarea", "select") and attrs.get("name") and "disabled" not in attrs:
            kind = attrs.get("type", "text").lower() if tag == "input" else tag
            control = Control(attrs["name"], kind, attrs.get("value", ""), attrs=attrs, checked="checked" in attrs)
            self._add(attrs, control)
            if tag == "textarea":
                self._text, self._control = [], control
            elif tag == "select":
                self._select = control
        elif tag == "option" and self._select is not None:
            value = attrs.get("value", "")
            self._select.options.append(value)
            if "selected" in attrs or len(self._select.options) == 1:
                self._select.value = value

    def handle_data(self, data: str) -> None:
        self._read.append(data)
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text is not None and self._control is not None:
            text = "".join(self._text)
            self._control.value = text.removeprefix("\r\n") if text.startswith("\r\n") else text.removeprefix("\n")
            self._text = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._form = None

    def handle_startendtag(self, tag: str, found: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, found)


def expected(control: Control, day: str) -> str:
    """Return something a field could hold, if it holds nothing yet."""
    if control.value:
        return control.value
    if control.attrs.get("inputmode") in ("numeric", "decimal"):
        return "1"
    needed = "required" in control.attrs
    by_kind = {
        "number": control.attrs.get("min") or "1", "email": "ana@example.org", "url": "https://example.org/", "date": day,
        "time": "10:00", "datetime-local": f"{day}T10:00", "tel": "+353861234567", "text": "Words" * needed,
        "textarea": "Some words." * needed, "select": next(filter(None, control.options), ""),
    }  # fmt: skip
    return by_kind.get(control.kind, "")


def filled(form: Form, day: str) -> dict[str, list[str]]:
    """Return the form as somebody sends it who looked at every field."""
    sent: dict[str, list[str]] = {}
    radios = {one.name for one in form.controls if one.kind == "radio" and one.checked}
    for one in form.controls:
        if one.kind in ("file", "submit", "button", "image", "reset"):
            continue
        if one.kind == "radio":
            if one.checked or one.name not in radios:
                radios.add(one.name)
                sent[one.name] = [one.attrs.get("value", "on")]
        elif one.kind == "checkbox":
            if one.checked or "required" in one.attrs:
                sent.setdefault(one.name, []).append(one.attrs.get("value", "on"))
        else:
            sent.setdefault(one.name, []).append(expected(one, day))
    return sent
