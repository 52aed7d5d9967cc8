"""The pool of the pass: a division a month, the months of its members, what they watched, and whose it became."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0005_first_shelves"),
        ("creators", "0002_records"),
        ("learners", "0005_when_it_became_hers"),
        ("payments", "0010_memberships_hold"),
    ]

    operations = [
        migrations.CreateModel(
            name="PoolDivision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
                (
                    "currency",
                    models.CharField(
                        choices=[
                            ("USD", "USD"),
                            ("EUR", "EUR"),
                            ("GBP", "GBP"),
                            ("CNY", "CNY"),
                            ("HKD", "HKD"),
                            ("SGD", "SGD"),
                            ("JPY", "JPY"),
                            ("KRW", "KRW"),
                            ("TWD", "TWD"),
                            ("KWD", "KWD"),
                        ],
                        max_length=3,
                    ),
                ),
                ("month", models.DateField()),
                ("amount_minor", models.PositiveBigIntegerField()),
                ("late_minor", models.BigIntegerField(default=0)),
                ("rest_minor", models.PositiveBigIntegerField(default=0)),
                ("members", models.PositiveIntegerField()),
                ("seconds", models.PositiveBigIntegerField()),
                ("batches", models.PositiveIntegerField()),
                ("inputs_hash", models.CharField(max_length=64)),
                ("divided_at", models.DateTimeField()),
                ("booked_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("book", "currency", "month"), name="a_pool_is_divided_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0), ("batches__gt", 0), ("seconds__gt", 0)),
                        name="a_division_divides_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PoolMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount_minor", models.PositiveBigIntegerField()),
                ("divided_minor", models.PositiveBigIntegerField()),
                ("seconds", models.PositiveBigIntegerField()),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="months", to="payments.pooldivision"
                    ),
                ),
                (
                    "month",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pooled",
                        to="payments.membershipmonth",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PoolPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("creator", "Your own course"),
                            ("coauthor", "As co-author"),
                            ("promoter", "As promoter"),
                        ],
                        max_length=8,
                    ),
                ),
                ("watched_in", models.DateField()),
                ("bps", models.PositiveIntegerField()),
                ("others_bps", models.JSONField(default=list)),
                ("seconds", models.PositiveBigIntegerField()),
                ("members", models.PositiveIntegerField()),
                ("course_minor", models.PositiveBigIntegerField()),
                ("amount_minor", models.PositiveBigIntegerField()),
                ("batch", models.PositiveIntegerField()),
                (
                    "course",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="courses.course",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="payments.pooldivision"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="creators.creator",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["division", "batch"], name="pool_part_of_batch"),
                    models.Index(fields=["owner", "division"], name="pool_part_of_owner"),
                    models.Index(fields=["course"], name="pool_part_of_course"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("division", "course", "watched_in", "owner"), name="one_part_a_course_and_creator"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("bps__lte", 10000), ("members__gt", 0), ("seconds__gt", 0)),
                        name="a_part_has_its_reasons",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PoolView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seconds", models.PositiveIntegerField()),
                ("amount_minor", models.PositiveBigIntegerField()),
                (
                    "course",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="courses.course",
                    ),
                ),
                (
                    "pool_month",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="views", to="payments.poolmonth"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("pool_month", "course"), name="one_view_a_course"),
                    models.CheckConstraint(condition=models.Q(("seconds__gt", 0)), name="a_view_has_seconds"),
                ],
            },
        ),
        migrations.AlterField(
            model_name="escrowedshare",
            name="share",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="escrowed",
                to="payments.itemshare",
            ),
        ),
        migrations.AddField(
            model_name="escrowedshare",
            name="pool_part",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="escrowed",
                to="payments.poolpart",
            ),
        ),
        migrations.AddConstraint(
            model_name="escrowedshare",
            constraint=models.UniqueConstraint(
                condition=models.Q(("end", "back"), _negated=True),
                fields=("pool_part",),
                name="a_part_is_in_one_escrow",
            ),
        ),
        migrations.AddConstraint(
            model_name="escrowedshare",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("given_minor", 0), ("pool_part__isnull", False), ("share", None)),
                    models.Q(("pool_part", None), ("share__isnull", False)),
                    _connector="OR",
                ),
                name="escrow_has_a_share_or_a_part",
            ),
        ),
    ]
