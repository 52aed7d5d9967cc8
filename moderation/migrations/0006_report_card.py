"""The platform's report card: what was told of a quarter, and never changes."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from marketplace.lib.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0005_first_words"),
        ("floor", "0002_records"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quarter_on", models.DateField()),
                (
                    "stage",
                    models.CharField(
                        choices=[("so_far", "So far"), ("final", "Final"), ("corrected", "Corrected")], max_length=10
                    ),
                ),
                ("as_of", models.DateTimeField()),
                ("reckoned_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "indexes": [models.Index(fields=["-quarter_on", "-id"], name="report_card_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("stage", "final")), fields=("quarter_on",), name="a_quarter_is_final_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quarter_on__day", 1), ("quarter_on__month__in", [1, 4, 7, 10])),
                        name="a_quarter_has_a_first_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), ("stage__in", ["so_far", "final"])),
                            models.Q(("stage", "corrected"), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_corrected_card_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportCardFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=32)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("cases", models.PositiveBigIntegerField()),
                ("value", models.DecimalField(decimal_places=3, max_digits=24, null=True)),
                (
                    "card",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="figures", to="moderation.reportcard"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("card", "name", "currency"), name="one_figure_a_card"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cases__lt", 5), ("value", None)),
                            models.Q(("cases__gte", 5), ("value__isnull", False)),
                            _connector="OR",
                        ),
                        name="few_cases_have_no_value",
                    ),
                ],
            },
        ),
        append_only("moderation_reportcard"),
        append_only("moderation_reportcardfigure"),
    ]
