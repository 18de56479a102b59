"""Every string that is marked for translation is found, whatever the file calls the function that marks it."""

import ast
import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

# Who is spoken to in Spanish is "tú", on every page: one that changes to "usted" halfway reads as if another had written it.
FORMAL = re.compile(
    r"\b[Uu]sted(es)?\b|(?:^|[.:;] )(Elija|Escriba|Diga|Indique|Pida|Envíe|Deje|Vuelva|Mire|Rellene|Use|Marque|Lea|Confirme)\b"
    r"|\b(Escríbalo|Elíjalo|Rellénelo|Envíelo|Déjelo|Mírelo|Póngalo|Dígaselo)\b"
)
PHONE = re.compile(r"(?<!\u2066)\+353 86 123 4567")


def tools():
    spec = spec_from_file_location("translations", Path(__file__).parents[2] / "tools" / "translations.py")
    assert spec and spec.loader
    tool = module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


def said(language):
    for message in tools().known(language):
        yield from (message.string,) if isinstance(message.string, str) else message.string


def test_spanish_speaks_to_its_reader_as_one_person_does():
    assert not [text for text in said("es") if FORMAL.search(text)]


def test_a_number_to_type_is_read_from_left_to_right_in_arabic_too():
    assert not [text for text in said("ar") if PHONE.search(text)]
    assert any("\u2066+353 86 123 4567\u2069" in text for text in said("ar"))


def test_strings_marked_under_another_name_are_gathered():
    found = {message.id for message in tools().gather()}
    # `gettext_lazy as lazy` in the words for orders, `gettext as now_` in the forms of founding.
    assert {"Waiting for an answer", "Say no", "A pin needs both numbers, or neither."} <= found


def test_nothing_is_translated_while_the_server_starts():
    """Words outside every function have to wait for their reader: `gettext_lazy`, not `gettext`."""
    eager = []
    for file in sorted((Path(__file__).parents[2] / "toadlane").rglob("*.py")):
        tree = ast.parse(file.read_text())
        imported = [
            node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        ]
        names = {
            one.asname or one.name for node in imported for one in node.names if one.name in {"gettext", "ngettext", "pgettext"}
        }
        eager += [f"{file.name}:{line}" for line in _calls_at_import(tree, names)]
    assert not eager


def _calls_at_import(node, names):
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Name) and child.func.id in names:
            yield child.lineno
        yield from _calls_at_import(child, names)
