"""Real data that is not ours to ship: calendars, elections, strings that break software.

Read where it lies, skipped plainly where not.

`TOADLANE_SAMPLES` names its folder; by default it is looked for beside the checkout.
"""

import json
import os
from pathlib import Path

FOLDER = Path(os.environ.get("TOADLANE_SAMPLES", Path(__file__).parents[2] / "shared" / "data"))
NAUGHTY = FOLDER / "badinput" / "naughty-strings.json"
EDGES = FOLDER / "calendars" / "tz-edge-cases.json"
CELLS = FOLDER / "badinput" / "csv-injection.json"
ELECTIONS = FOLDER / "elections"
ABSENT = "the samples are not on this machine (TOADLANE_SAMPLES)"

# What has broken software before, in little; the whole list is used where it is at hand.
OWN = [
    *("<script>alert(1)</script>", "'; DROP TABLE listings; --", "{{ 7*7 }}", "{% load x %}", "\u202eright to left", "\ufdfa"),
    *(
        "🦐" * 20,
        "%s%n",
        "../../etc/passwd",
        "A" * 121,
        "zalgo\u0321\u0353\u031e",
        "NULL",
        "1e309",
        "&lt;b&gt; &amp; \"'>",
        "\x00",
    ),
]


def naughty() -> list[str]:
    """Return strings nobody expects, none of them empty."""
    more = json.loads(NAUGHTY.read_text()) if NAUGHTY.exists() else []
    return [*OWN, *(text for text in more if text.strip())]
