"""Makes the tables of report forms, editions and their files, and the triggers that let editions only grow."""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE FUNCTION reports_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published edition never changes: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'edition_never_changes';
END $$;
CREATE TRIGGER edition_never_changes BEFORE UPDATE OR DELETE ON reports_edition
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_change();
CREATE TRIGGER edition_is_never_emptied BEFORE TRUNCATE ON reports_edition
    FOR EACH STATEMENT EXECUTE FUNCTION reports_refuse_change();
CREATE TRIGGER editionfile_never_changes BEFORE UPDATE OR DELETE ON reports_editionfile
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_change();
CREATE TRIGGER editionfile_is_never_emptied BEFORE TRUNCATE ON reports_editionfile
    FOR EACH STATEMENT EXECUTE FUNCTION reports_refuse_change();
ALTER TABLE reports_edition ADD CONSTRAINT edition_hash_is_of_its_snapshot
    CHECK (hash = encode(sha256(convert_to(snapshot, 'UTF8')), 'hex'));
ALTER TABLE reports_editionfile ADD CONSTRAINT editionfile_hash_is_of_its_content
    CHECK (sha256 = encode(sha256(content), 'hex') AND size = octet_length(content));
"""
RELEASE = """
ALTER TABLE reports_editionfile DROP CONSTRAINT editionfile_hash_is_of_its_content;
ALTER TABLE reports_edition DROP CONSTRAINT edition_hash_is_of_its_snapshot;
DROP TRIGGER editionfile_is_never_emptied ON reports_editionfile;
DROP TRIGGER editionfile_never_changes ON reports_editionfile;
DROP TRIGGER edition_is_never_emptied ON reports_edition;
DROP TRIGGER edition_never_changes ON reports_edition;
DROP FUNCTION reports_refuse_change();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="ReportForm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, unique=True)),
                ("templates", models.JSONField()),
                ("files", models.JSONField()),
                ("charts", models.JSONField()),
                ("loaded_at", models.DateTimeField()),
                ("loaded_by", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("programme", models.CharField(max_length=120)),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveSmallIntegerField()),
                ("languages", models.CharField(max_length=60)),
                ("snapshot", models.TextField()),
                ("hash", models.CharField(max_length=64)),
                ("differences", models.JSONField(default=list)),
                ("published_at", models.DateTimeField()),
                ("published_by", models.CharField(max_length=200)),
                ("published_by_key", models.CharField(max_length=200)),
                (
                    "previous",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="following",
                        to="reports.edition",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EditionFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=8)),
                ("form", models.CharField(max_length=8)),
                ("name", models.CharField(max_length=120)),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="reports.edition",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(
                fields=("programme", "year", "number"), name="edition_number_is_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="editionfile",
            constraint=models.UniqueConstraint(
                fields=("edition", "language", "form"), name="editionfile_form_is_unique"
            ),
        ),
        migrations.RunSQL(GUARD, RELEASE),
    ]
