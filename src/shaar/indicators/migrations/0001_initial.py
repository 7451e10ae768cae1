"""Makes the tables of passports, classifiers and answers."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Indicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=120, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="PassportVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("document", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("position", models.PositiveIntegerField(default=0)),
                ("is_current", models.BooleanField(default=True)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(db_index=True, max_length=500)),
                ("text", models.TextField(max_length=4000)),
                ("author_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CatalogueStamp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="indicators_stamp_is_one_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="PackDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("number", models.PositiveIntegerField()),
                ("document", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("is_current", models.BooleanField(default=True)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "number"), name="indicators_document_number_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("name",),
                        name="indicators_document_one_current",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="packdocument",
            trigger=pgtrigger.compiler.Trigger(
                name="indicators_document_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="23549ab11288ae623f81aec85f22fa15de9159ce",
                    operation="DELETE",
                    pgid="pgtrigger_indicators_document_kept_14a9b",
                    table="indicators_packdocument",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="passportversion",
            name="indicator",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="indicators.indicator",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="indicators_answer_says_something"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="indicators_answer_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="819d0125b2d59f37eb8ec3e55743dd9f27bbc15c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_indicators_answer_append_only_ca46e",
                    table="indicators_answer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="indicators_answer_never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'answers to findings are kept';",
                    hash="a1aa950d2c960222fcae4b6c2d90ffe3dfae5ddf",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_indicators_answer_never_emptied_5cdcf",
                    table="indicators_answer",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="passportversion",
            constraint=models.UniqueConstraint(
                fields=("indicator", "number"), name="indicators_passport_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="passportversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True)),
                fields=("indicator",),
                name="indicators_passport_one_current",
            ),
        ),
        migrations.AddConstraint(
            model_name="passportversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="indicators_passport_number_from_one"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="passportversion",
            trigger=pgtrigger.compiler.Trigger(
                name="indicators_passport_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="f0e0453e083a45852e16f4adc48b8ff81ffde13d",
                    operation="DELETE",
                    pgid="pgtrigger_indicators_passport_kept_94e48",
                    table="indicators_passportversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="passportversion",
            trigger=pgtrigger.compiler.Trigger(
                name="indicators_passport_unchanged",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."document" IS DISTINCT FROM (NEW."document") OR OLD."indicator_id" IS DISTINCT FROM (NEW."indicator_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="8bd4a591a88248c90e6def70d17a48403d1d1280",
                    operation="UPDATE",
                    pgid="pgtrigger_indicators_passport_unchanged_25933",
                    table="indicators_passportversion",
                    when="BEFORE",
                ),
            ),
        ),
    ]
