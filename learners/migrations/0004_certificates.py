import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import learners.models.certificate
from marketplace.lib.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0005_indexes"),
        ("learners", "0003_counted_later"),
        ("floor", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(default=learners.models.certificate.fresh_code, max_length=20, unique=True)),
                ("subject", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("issued_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("evidence", models.JSONField(help_text="what was watched, read and passed, lesson by lesson")),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.course"
                    ),
                ),
                (
                    "enrollment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="learners.enrollment",
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.version"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="CertificateHolder",
            fields=[
                (
                    "certificate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="holder",
                        serialize=False,
                        to="learners.certificate",
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("hidden_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CertificateRevocation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("evidence", "The evidence was not true"),
                            ("mistake", "It was issued by mistake"),
                            ("holder", "Its holder asked for it"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "reason",
                    models.CharField(help_text="for the holder and for the record; never public", max_length=600),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "certificate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revocation",
                        to="learners.certificate",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.UniqueConstraint(fields=("learner", "version"), name="one_certificate_a_version"),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[0-9A-HJKMNP-TV-Z]{20}$")), name="certificate_code_form"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificaterevocation",
            constraint=models.CheckConstraint(
                condition=models.Q(("cause__in", ["evidence", "mistake", "holder"])), name="revocation_cause"
            ),
        ),
        migrations.AddConstraint(
            model_name="certificaterevocation",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="revocation_says_why"
            ),
        ),
        append_only("learners_certificate"),
        append_only("learners_certificaterevocation"),
    ]
