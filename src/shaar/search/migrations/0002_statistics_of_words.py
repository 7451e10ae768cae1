"""Lets PostgreSQL know ten times as many words by their frequency, so that a rare one is not taken for common."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE search_entry ALTER COLUMN vector SET STATISTICS 1000",
            "ALTER TABLE search_entry ALTER COLUMN vector SET STATISTICS -1",
        )
    ]
