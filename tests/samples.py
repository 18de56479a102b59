"""Real data that is not ours to ship: calendars, elections, strings that break software.

Read where it lies, skipped plainly where not.

`TOADLANE_SAMPLES` names its folder; by default it is looked for beside the checkout.
"""

import os
from pathlib import Path

FOLDER = Path(os.environ.get("TOADLANE_SAMPLES", Path(__file__).parents[2] / "shared" / "data"))
NAUGHTY = FOLDER / "badinput" / "naughty-strings.json"
EDGES = FOLDER / "calendars" / "tz-edge-cases.json"
CELLS = FOLDER / "badinput" / "csv-injection.json"
ELECTIONS = FOLDER / "elections"
ABSENT = "the samples are not on this machine (TOADLANE_SAMPLES)"
