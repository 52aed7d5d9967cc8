"""Silence of the provider is no try that a row may die of. When an account was asked about, and when its owner last went
on with it. What a payout pays, and to whom, never changes.
"""

from django.db import migrations, models

STANDS = ("amount_minor", "currency", "destination", "rail", "creator_id", "token", "run_id", "book")


def silences() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        db_default=0, default=0, editable=False, help_text="attempts that the provider did not answer"
    )


def changed(*columns: str) -> str:
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"ROW({old}) IS DISTINCT FROM ROW({new})"


PAYOUT_STANDS = f"""
CREATE TRIGGER payout_stands BEFORE UPDATE ON payments_payout FOR EACH ROW
    WHEN ({changed(*STANDS)}) EXECUTE FUNCTION floor_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0019_what_nobody_knows_is_told_apart")]

    operations = [
        migrations.AddField("inquiry", "silences", silences()),
        migrations.AddField("providerevent", "silences", silences()),
        migrations.AddField("payoutaccount", "asked_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("payoutaccount", "owner_came_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunSQL(PAYOUT_STANDS, "DROP TRIGGER payout_stands ON payments_payout;"),
    ]
