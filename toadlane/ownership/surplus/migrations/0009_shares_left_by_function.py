"""On PostgreSQL what shares have left of an order is added up by a function that parallel workers can ask as well."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ADD = """
CREATE OR REPLACE FUNCTION surplus_shares_left(shares jsonb, kinds text[]) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT COALESCE(SUM((share ->> 'minor')::bigint), 0)::bigint FROM jsonb_array_elements(shares) share
  WHERE share ->> 'kind' = ANY (kinds)
$$
"""


def add(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(ADD)


def remove(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION surplus_shares_left")


class Migration(migrations.Migration):
    dependencies = [("surplus", "0008_losses_on_shares")]
    operations = [migrations.RunPython(add, remove)]
