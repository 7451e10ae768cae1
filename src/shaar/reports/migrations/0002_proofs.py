"""Makes the tables of proofread texts and of decisions about findings, which only grow."""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE FUNCTION reports_refuse_decision_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a decision about a finding never changes: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'proofdecision_never_changes';
END $$;
CREATE TRIGGER proofdecision_never_changes BEFORE UPDATE OR DELETE ON reports_proofdecision
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_decision_change();
CREATE TRIGGER proofdecision_is_never_emptied BEFORE TRUNCATE ON reports_proofdecision
    FOR EACH STATEMENT EXECUTE FUNCTION reports_refuse_decision_change();
"""
RELEASE = """
DROP TRIGGER proofdecision_is_never_emptied ON reports_proofdecision;
DROP TRIGGER proofdecision_never_changes ON reports_proofdecision;
DROP FUNCTION reports_refuse_decision_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_rounds_and_truncate"),
        ("reports", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProofText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("programme", models.CharField(blank=True, max_length=120)),
                ("year", models.PositiveSmallIntegerField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "being proofread"),
                            ("ready", "proofread"),
                            ("refused", "cannot be read"),
                        ],
                        default="waiting",
                        max_length=20,
                    ),
                ),
                ("refusal", models.JSONField(default=dict)),
                ("proof", models.JSONField(null=True)),
                ("counts", models.JSONField(default=dict)),
                ("uploaded_at", models.DateTimeField()),
                ("uploaded_by", models.CharField(max_length=200)),
                ("uploaded_name", models.CharField(max_length=200)),
                ("touched_at", models.DateTimeField()),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.upload"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProofDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("accepted", "accepted"),
                            ("dismissed", "dismissed"),
                            ("reopened", "shown again"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=1000)),
                ("decided_at", models.DateTimeField()),
                ("decided_by", models.CharField(max_length=200)),
                ("decided_name", models.CharField(max_length=200)),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="reports.prooftext",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="prooftext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "ready"), _negated=True), ("proof__isnull", False), _connector="OR"
                ),
                name="prooftext_ready_has_proof",
            ),
        ),
        migrations.AddConstraint(
            model_name="prooftext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("refusal", {}), _negated=True),
                    _connector="OR",
                ),
                name="prooftext_refused_says_why",
            ),
        ),
        migrations.AddIndex(
            model_name="proofdecision",
            index=models.Index(fields=["fingerprint", "id"], name="proofdecision_of_a_finding"),
        ),
        migrations.AddConstraint(
            model_name="proofdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verdict", "dismissed"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="proofdecision_dismissed_says_why",
            ),
        ),
        migrations.RunSQL(GUARD, RELEASE),
    ]
