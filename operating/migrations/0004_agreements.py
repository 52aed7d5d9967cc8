"""What people agreed to is on record."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from marketplace.lib.append_only import append_only

SHOWN = """
CREATE FUNCTION operating_agreement_is_to_what_was_shown() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM operating_pageversion said JOIN operating_pageshowing showing ON showing.version_id = said.id
         WHERE said.id = NEW.version_id
           AND CASE NEW.language WHEN 'en' THEN said.title_en WHEN 'zh-hans' THEN said.title_zh ELSE '' END <> '')
    THEN
        RAISE EXCEPTION 'version % was never shown in %', NEW.version_id, NEW.language
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreement_is_to_what_was_shown BEFORE INSERT ON operating_agreement
    FOR EACH ROW EXECUTE FUNCTION operating_agreement_is_to_what_was_shown();
"""
BACK = """
DROP TRIGGER agreement_is_to_what_was_shown ON operating_agreement;
DROP FUNCTION operating_agreement_is_to_what_was_shown();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("operating", "0003_what_is_shown_is_the_last_showing"),
        ("floor", "0002_records"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "act",
                    models.CharField(choices=[("sign_up", "Signing up"), ("buy", "Paying")], max_length=10),
                ),
                ("subject", models.CharField(blank=True, max_length=40)),
                ("language", models.CharField(max_length=12)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="operating.pageversion"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "version", "act", "subject"), name="one_agreement_an_act"
                    ),
                    models.CheckConstraint(condition=Q(act__in=["sign_up", "buy"]), name="an_agreement_is_an_act"),
                    models.CheckConstraint(
                        condition=Q(act="sign_up", subject="") | (Q(act="buy") & ~Q(subject="")),
                        name="who_buys_agrees_about_an_order",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SHOWN, BACK),
        append_only("operating_agreement"),
    ]
