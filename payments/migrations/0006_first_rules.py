"""The rules with which the marketplace opens."""

from datetime import UTC, datetime

from django.db import migrations

OPENING = datetime(2020, 1, 1, tzinfo=UTC)


def introduce(apps, schema_editor) -> None:
    shared, refunds = apps.get_model("payments", "RevenueRule"), apps.get_model("payments", "RefundRule")
    # Of a sale that it brought about, the platform keeps 25 %.
    shared.objects.create(code="organic", starts_at=OPENING, platform_bps=2500, fixed_minor=0)
    # A creator's own link leaves the platform 3 %; a promoter's pays her 10 %.
    shared.objects.create(code="own_link", starts_at=OPENING, platform_bps=300)
    shared.objects.create(code="affiliate", starts_at=OPENING, platform_bps=2500, affiliate_bps=1000)
    # Of a tip the platform keeps a twentieth.
    shared.objects.create(code="tip", starts_at=OPENING, platform_bps=500)
    # Whole for 14 days and 30 %, in proportion for 30 days and 60 %.
    refunds.objects.create(starts_at=OPENING, whole_days=14, whole_bps=3000, part_days=30, part_bps=6000)


class Migration(migrations.Migration):
    replaces = [("payments", "0003_first_revenue_rule")]
    dependencies = [
        ("payments", "0005_sale_functions"),
    ]
    operations = [
        migrations.RunPython(introduce, migrations.RunPython.noop),
    ]
