"""On PostgreSQL the database itself keeps the words of an entry; SQLite searches in an index of its own."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Folded text, so 'simple': the words of every language are treated alike. Title and tags weigh more than the text.
ADD = """
ALTER TABLE search_entry ADD COLUMN words tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', body), 'C')) STORED;
CREATE INDEX search_words ON search_entry USING gin (words);
CREATE INDEX search_facets ON search_entry USING gin (facets jsonb_path_ops);
"""
REMOVE = "ALTER TABLE search_entry DROP COLUMN words; DROP INDEX search_facets;"


def add(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        table = editor.connection.introspection.get_table_description(cursor, "search_entry")
    # A database made from the models at once never had the texts.
    if editor.connection.vendor == "postgresql" and "title" in {column.name for column in table}:
        editor.execute(ADD)


def remove(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(REMOVE)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
