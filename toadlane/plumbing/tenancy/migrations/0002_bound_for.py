from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="tenant",
            name="bound_for",
            field=models.DurationField(help_text="How far ahead it will be, while it is on its way there.", null=True),
        ),
        migrations.AddConstraint(
            model_name="tenant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("bound_for", None), models.Q(("bound_for__gte", models.F("ahead_by")), ("is_sandbox", True)), _connector="OR"
                ),
                name="tenancy_a_sandbox_walks_forward",
            ),
        ),
    ]
