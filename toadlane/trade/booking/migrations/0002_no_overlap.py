"""No two allocations of one unit overlap: an exclusion constraint on PostgreSQL. On SQLite `guards` puts up a trigger."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ADD = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE booking_allocation ADD CONSTRAINT booking_no_overlap
EXCLUDE USING gist (resource_id WITH =, unit WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&);
"""


def add(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(ADD)


def drop(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE booking_allocation DROP CONSTRAINT booking_no_overlap")


class Migration(migrations.Migration):
    dependencies = [("booking", "0001_initial")]
    operations = [migrations.RunPython(add, drop)]
