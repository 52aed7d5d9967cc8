"""The queue of cases: who looks at one, by when it is due, and indexes for a hundred thousand of them."""

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Cases of before: the gravest of their reports says rule and day, the course (or its owner) the language.
FILLED = """
UPDATE moderation_case c SET rule_code = r.code, due_at = c.opened_at + CASE c.severity
    WHEN 4 THEN interval '1 day' WHEN 3 THEN interval '3 days' WHEN 2 THEN interval '7 days' ELSE interval '14 days' END
FROM (
    SELECT DISTINCT ON (p.case_id) p.case_id, v.code FROM moderation_report p
    JOIN moderation_ruleversion v ON v.id = p.rule_id ORDER BY p.case_id, v.severity DESC, p.id
) r WHERE r.case_id = c.id;
UPDATE moderation_case c SET language = coalesce((
    SELECT v.language FROM courses_course k JOIN courses_version v ON v.id = k.live_version_id WHERE k.id = c.course_id
), u.language) FROM accounts_user u WHERE u.id = c.owner_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0022_waiting_submissions"),
        ("creators", "0005_verifications_hold"),
        ("moderation", "0013_claims_hold_income"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("claimed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="case_queue",
        ),
        migrations.AddField(
            model_name="case",
            name="due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="language",
            field=models.CharField(
                choices=[
                    ("en", "English"),
                    ("zh-hans", "Chinese"),
                    ("ja", "Japanese"),
                    ("ko", "Korean"),
                    ("es", "Spanish"),
                    ("fr", "French"),
                    ("de", "German"),
                    ("sgn", "Sign language"),
                ],
                db_default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="rank",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.expressions.CombinedExpression(models.F("priority"), "*", models.Value(-1)),
                output_field=models.IntegerField(),
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="rule_code",
            field=models.CharField(db_default="", max_length=40),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at", None)),
                fields=["rank", "id", "opened_at", "due_at", "severity", "kind", "language", "rule_code"],
                name="case_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["kind", "rank", "id"], name="case_queue_kind"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["severity", "rank", "id"], name="case_queue_severity"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["rule_code", "rank", "id"], name="case_queue_rule"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=models.Q(("closed_at", None)), fields=["due_at"], name="case_queue_due"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at", None), _negated=True), fields=["closed_at", "id"], name="case_closed"
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(condition=models.Q(("released_at", None)), fields=["moderator"], name="claim_held"),
        ),
        migrations.AddField(
            model_name="caseclaim",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="moderation.case"
            ),
        ),
        migrations.AddField(
            model_name="caseclaim",
            name="moderator",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="caseclaim",
            index=models.Index(condition=models.Q(("released_at", None)), fields=["moderator"], name="case_claim_held"),
        ),
        migrations.AddConstraint(
            model_name="caseclaim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("released_at", None)), fields=("case",), name="one_claim_a_case"
            ),
        ),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
    ]
