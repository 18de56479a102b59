"""A co-op's set-up is known by its digest, so that a request need not read it."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from toadlane.society.coops.models import Digest, digest


def name_them(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    coops = apps.get_model("coops", "Coop")
    for pk, config in coops.objects.values_list("pk", "config"):
        coops.objects.filter(pk=pk).update(config_digest=digest(config))


class Migration(migrations.Migration):
    dependencies = [("coops", "0002_logo")]
    operations = [
        migrations.AddField("coop", "config_digest", Digest(default="", editable=False, max_length=64)),
        migrations.RunPython(name_them, migrations.RunPython.noop),
    ]
