"""Makes the table of what the rules said, kept until something changes that they read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0003_rollups_written_once")]

    operations = [
        migrations.CreateModel(
            name="KeptOutcomes",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("period", models.CharField(max_length=40)),
                ("scope", models.CharField(max_length=64)),
                ("codes", models.JSONField(null=True)),
                ("stamp", models.TextField()),
                ("outcomes", models.JSONField()),
                ("reckoned_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("period", "scope"), name="indicators_kept_once")
                ],
            },
        ),
    ]
