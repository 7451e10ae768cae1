from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("budget", "0003_amendment_before"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="total",
            index=models.Index(fields=["year", "classification", "side"], name="budget_total_of_part"),
        ),
    ]
