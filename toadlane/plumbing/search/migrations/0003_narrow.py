"""An entry keeps the words it is found by and no longer the texts that they came from: half the pages to read."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import toadlane.plumbing.search.models

# `facets ?|` never asked the index of facets.
KEEP = """
ALTER TABLE search_entry ALTER COLUMN words DROP EXPRESSION IF EXISTS;
CREATE INDEX IF NOT EXISTS search_words ON search_entry USING gin (words);
DROP INDEX IF EXISTS search_facets;
"""


def keep(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(KEEP)
        return
    with editor.connection.cursor() as cursor:
        table = editor.connection.introspection.get_table_description(cursor, "search_entry")
    if "words" not in {column.name for column in table}:
        editor.execute("ALTER TABLE search_entry ADD COLUMN words text NULL")


class Migration(migrations.Migration):
    dependencies = [("search", "0002_words")]
    operations = [
        migrations.RunPython(keep, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField("entry", "words", toadlane.plumbing.search.models.Words(null=True)),
            ],
        ),
        migrations.RemoveField("entry", "title"),
        migrations.RemoveField("entry", "body"),
    ]
