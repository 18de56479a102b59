from django.db import migrations, models

from toadlane.ownership.surplus.policies.measures import MEASURES, expressions


def count_anew(apps, schema_editor):
    """Count all released orders by what they count for now: the job folds them in with the rest."""
    order, tail, kept = (
        apps.get_model(*name)._meta.db_table for name in (("orders", "Order"), ("surplus", "Uncounted"), ("surplus", "Patronage"))
    )
    columns = ", ".join(("coop_id", "provider_id", "customer_id", "released_at", "currency", *MEASURES))
    measured = ", ".join(expressions("o", schema_editor.connection.vendor))
    for table in (tail, kept):
        schema_editor.execute(f"DELETE FROM {table}")
    schema_editor.execute(
        f"INSERT INTO {tail} ({columns}) SELECT o.coop_id, COALESCE(o.provider_id, 0), COALESCE(o.customer_id, 0), "
        f"o.released_at, o.currency, {measured} FROM {order} o WHERE o.released_at IS NOT NULL"
    )


class Migration(migrations.Migration):
    dependencies = [("surplus", "0004_paid_with_all_payouts"), ("orders", "0005_versions_in_carts")]

    operations = [
        migrations.AlterField(
            model_name="patronage",
            name="minor",
            field=models.BigIntegerField(
                help_text="The prices of what was sold or bought: before tax, without tips and fees on top, less what went back."
            ),
        ),
        migrations.AlterField(
            model_name="patronage",
            name="earned",
            field=models.BigIntegerField(help_text="The provider’s own share, before tax."),
        ),
        migrations.RunPython(count_anew, migrations.RunPython.noop),
    ]
