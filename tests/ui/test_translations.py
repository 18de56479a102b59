"""Every string that is marked for translation is found, whatever the file calls the function that marks it."""

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
