"""A version of a way to pay by hand is seen by buyers once another person of finance said yes to it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from marketplace.lib.append_only import append_only

# What stands when this comes has been seen by buyers already: it goes on, and the row says that nobody was asked.
STANDING = """
INSERT INTO payments_paymentwayverdict (way_id, by_id, at, approves, reason)
SELECT id, NULL, set_at, true, 'It stood before a second person was asked.' FROM payments_paymentway WHERE is_on;
"""
# Who had a hand in what a version says: in it, or in one since the newest that was approved; who only switched the way
# off had none.
HELD = """
CREATE FUNCTION payments_way_needs_another() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    this payments_paymentway;
    stood payments_paymentway;
BEGIN
    SELECT * INTO this FROM payments_paymentway WHERE id = NEW.way_id;
    SELECT way.* INTO stood FROM payments_paymentway way
      JOIN payments_paymentwayverdict said ON said.way_id = way.id AND said.approves
     WHERE way.book = this.book AND way.code = this.code AND way.version < this.version
     ORDER BY way.version DESC LIMIT 1;
    IF NEW.by_id IS NULL OR NOT this.is_on OR NEW.by_id = this.set_by_id OR (NEW.approves AND EXISTS (
        SELECT FROM payments_paymentway way
         WHERE way.book = this.book AND way.code = this.code AND way.set_by_id = NEW.by_id
           AND way.version < this.version AND way.version > coalesce(stood.version, 0)
           AND (way.is_on OR stood.id IS NULL OR ROW(
                way.name_en, way.name_zh, way.holder, way.account, way.bank_code, way.instructions_en,
                way.instructions_zh, way.qr) IS DISTINCT FROM ROW(
                stood.name_en, stood.name_zh, stood.holder, stood.account, stood.bank_code, stood.instructions_en,
                stood.instructions_zh, stood.qr))))
    THEN
        RAISE EXCEPTION 'version % of a way to pay by hand is decided on by another person', NEW.way_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_way_needs_another';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_way_needs_another BEFORE INSERT ON payments_paymentwayverdict
    FOR EACH ROW EXECUTE FUNCTION payments_way_needs_another();
CREATE FUNCTION payments_hand_payment_is_led() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM payments_paymentwayverdict said WHERE said.way_id = NEW.way_id AND said.approves) THEN
        RAISE EXCEPTION 'nobody said yes to version % of a way to pay by hand', NEW.way_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'hand_payment_is_led';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hand_payment_is_led BEFORE INSERT ON payments_handpayment
    FOR EACH ROW EXECUTE FUNCTION payments_hand_payment_is_led();
"""
UNHELD = """
DROP TRIGGER hand_payment_is_led ON payments_handpayment; DROP FUNCTION payments_hand_payment_is_led();
DROP TRIGGER payment_way_needs_another ON payments_paymentwayverdict; DROP FUNCTION payments_way_needs_another();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0017_accounts_are_sealed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="PaymentWayVerdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("approves", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "way",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="verdict", to="payments.paymentway"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("approves", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="payment_way_declined_for_a_reason",
                    )
                ]
            },
        ),
        migrations.RunSQL(STANDING, migrations.RunSQL.noop),
        migrations.RunSQL(HELD, UNHELD),
        append_only("payments_paymentwayverdict"),
    ]  # fmt: skip
