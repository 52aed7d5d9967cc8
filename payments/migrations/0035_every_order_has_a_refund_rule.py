import django.db.models.deletion
from django.db import migrations, models

from marketplace.lib.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0034_orders_of_before_have_the_first_rule"),
        ("floor", "0002_append_only"),
    ]
    operations = [
        migrations.AlterField(
            model_name="order",
            name="refund_rule",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.refundrule"
            ),
        ),
        append_only("payments_meterreading"),
    ]
