"""Every string that is marked for translation is found, whatever the file calls the function that marks it."""

import ast
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path


def test_strings_marked_under_another_name_are_gathered():
    spec = spec_from_file_location("translations", Path(__file__).parents[2] / "tools" / "translations.py")
    assert spec and spec.loader
    tool = module_from_spec(spec)
    spec.loader.exec_module(tool)
    found = {message.id for message in tool.gather()}
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
