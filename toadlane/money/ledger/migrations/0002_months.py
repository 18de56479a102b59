from zoneinfo import ZoneInfo

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Sum
from django.db.models.functions import TruncMonth


def fold(apps, schema_editor):
    """Fill the months of what is sealed already; from here on the sealing job does it."""
    coop, posting, unsealed, kept = (
        apps.get_model(*name) for name in (
            ("coops", "Coop"), ("ledger", "Posting"), ("ledger", "Unsealed"), ("ledger", "AccountMonth"),
        )
    )  # fmt: skip
    for coop_id, zone in coop._base_manager.values_list("pk", "time_zone"):
        rows = posting._base_manager.filter(coop_id=coop_id)
        rows = rows.exclude(entry_id__in=unsealed._base_manager.values("entry_id")).order_by()
        months = rows.annotate(month=TruncMonth("posted_at", tzinfo=ZoneInfo(zone)))
        kept._base_manager.bulk_create(
            kept(coop_id=coop_id, account_id=account, month=month.date(), minor=minor)
            for account, month, minor in months.values_list("account_id", "month").annotate(total=Sum("minor"))
        )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("coops", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="AccountMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(help_text="Its first day.")),
                ("minor", models.BigIntegerField(default=0)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="months", to="ledger.account"),
                ),
                (
                    "coop",
                    models.ForeignKey(
                        editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.tenant"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("account", "month"), name="ledger_month_of_account"),
                ],
            },
        ),
        migrations.RunPython(fold, migrations.RunPython.noop),
    ]
