"""When a refund was last asked for, and under which key, stands beside it as beside a payout; the sandbox can be late."""

from django.db import migrations, models

MODES = [
    ("timeout_before", "The request is lost on its way"),
    ("timeout_after", "It takes effect, the answer is lost"),
    ("slow_after", "It takes effect, the answer comes after we gave up"),
    ("broken_after", "It takes effect, the answer is not readable"),
    ("500_after", "It takes effect, the answer is 500"),
    ("late", "The answer is lost, it takes effect ten minutes later"),
    ("500", "500: nothing happens"),
    ("409", "409: another request is under way"),
    ("429", "429: too many requests"),
    ("402", "402: the card or the balance does not allow it"),
    ("400", "400: refused for good"),
]
# Nobody noted when those that are under way were last asked for: it may have been just now, by the sandbox's clock where
# that was moved.
JUST_NOW = """
UPDATE payments_refund SET key_used_at = requested_at,
    asked_at = now() + make_interval(secs => (SELECT coalesce(sum(seconds), 0)::float8 FROM floor_clockshift))
WHERE state = 'requested' AND finished_at IS NULL AND (attempts > 0 OR rounds > 0)
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0020_silence_is_no_try"), ("floor", "0002_records")]

    operations = [
        migrations.AddField("refund", "key_no", models.PositiveSmallIntegerField(default=1, db_default=1)),
        migrations.AddField("refund", "key_used_at", models.DateTimeField(null=True)),
        migrations.AddField("refund", "asked_at", models.DateTimeField(null=True)),
        migrations.AlterField("payout", "key_no", models.PositiveSmallIntegerField(default=1, db_default=1)),
        migrations.AlterField("sandboxfault", "mode", models.CharField(max_length=20, choices=MODES)),
        migrations.CreateModel(
            "SandboxLate",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("method", models.CharField(max_length=8)),
                ("path", models.CharField(max_length=300)),
                ("text", models.TextField(blank=True)),
                ("form", models.CharField(blank=True, max_length=80)),
                ("key", models.CharField(blank=True, max_length=255)),
                ("due_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["due_at"], name="sandbox_late_due")]},
        ),
        migrations.RunSQL(JUST_NOW, migrations.RunSQL.noop),
    ]
