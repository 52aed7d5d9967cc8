"""Words that mean the same, as staff keep them."""

import django.db.models.functions.comparison
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("discovery", "0004_facts_in_place"),
    ]

    operations = [
        migrations.CreateModel(
            name="Synonym",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("one", models.CharField(max_length=60)),
                ("other", models.CharField(max_length=60)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["one", "other"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("one", ""), _negated=True),
                            ("one__lt", django.db.models.functions.comparison.Collate(models.F("other"), "C")),
                        ),
                        name="a_synonym_is_of_two_in_order",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at", None)),
                        fields=("one", "other"),
                        name="two_words_are_synonyms_once",
                        violation_error_message="These two stand in the list already.",
                    ),
                ],
            },
        ),
    ]
