"""The tables, as the models say them. What the models cannot say follows in the files behind this one."""

import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models.record
from marketplace.lib.tables import Tables

TABLES = [
    migrations.CreateModel(
        name="User",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("password", models.CharField(max_length=128, verbose_name="password")),
            ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
            (
                "is_superuser",
                models.BooleanField(
                    default=False,
                    help_text="Designates that this user has all permissions without explicitly assigning them.",
                    verbose_name="superuser status",
                ),
            ),
            ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail")),
            ("name", models.CharField(blank=True, max_length=80, verbose_name="name")),
            (
                "language",
                models.CharField(
                    choices=[("en", "English"), ("zh-hans", "简体中文")],
                    default="en",
                    max_length=12,
                    verbose_name="language",
                ),
            ),
            ("time_zone", models.CharField(default="UTC", max_length=64, verbose_name="time zone")),
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
                    default="USD",
                    max_length=3,
                    verbose_name="currency",
                ),
            ),
            ("is_active", models.BooleanField(default=True)),
            ("is_staff", models.BooleanField(default=False)),
            ("joined_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("rests_since", models.DateTimeField(blank=True, null=True)),
            (
                "groups",
                models.ManyToManyField(
                    blank=True,
                    help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                    related_name="user_set",
                    related_query_name="user",
                    to="auth.group",
                    verbose_name="groups",
                ),
            ),
            (
                "user_permissions",
                models.ManyToManyField(
                    blank=True,
                    help_text="Specific permissions for this user.",
                    related_name="user_set",
                    related_query_name="user",
                    to="auth.permission",
                    verbose_name="user permissions",
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="AccountCurb",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("rule_code", models.CharField(max_length=40)),
            ("rule_version", models.PositiveSmallIntegerField()),
            ("reason", models.TextField(max_length=2000)),
            ("lifted_at", models.DateTimeField(blank=True, null=True)),
            ("lift_reason", models.TextField(blank=True, max_length=2000)),
            ("kind", models.CharField(choices=[("mute", "May not write"), ("bar", "Account suspended")], max_length=8)),
            ("imposed_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "imposed_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "lifted_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "person",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="curbs", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="AccountDeletion",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "user",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="deletion", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="ApiToken",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("label", models.CharField(max_length=80)),
            ("digest", models.CharField(max_length=64, unique=True)),
            ("by_second_factor", models.BooleanField(default=False)),
            ("issued_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("revoked_at", models.DateTimeField(blank=True, null=True)),
            (
                "user",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="api_tokens", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="AuditEvent",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("roles", models.CharField(blank=True, default="", max_length=120)),
            ("verb", models.CharField(max_length=60)),
            ("target", models.CharField(max_length=120)),
            ("facts", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
            ("address", models.CharField(blank=True, default="", max_length=43)),
            ("request_id", models.CharField(blank=True, default="", max_length=64)),
            ("at", models.DateTimeField(auto_now_add=True)),
            (
                "actor",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Notice",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("key", models.CharField(max_length=200, unique=True)),
            ("kind", models.CharField(max_length=80)),
            ("words", models.JSONField()),
            ("link", models.CharField(blank=True, max_length=500)),
            ("told_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("read_at", models.DateTimeField(null=True)),
            (
                "person",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="notices", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"ordering": ["-id"]},
    ),
    migrations.CreateModel(
        name="RecordExport",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            ("name", models.CharField(default=accounts.models.record.fresh_name, max_length=32, unique=True)),
            ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("ready_at", models.DateTimeField(null=True)),
            ("expires_at", models.DateTimeField(null=True)),
            ("size", models.PositiveBigIntegerField(default=0)),
            (
                "file",
                models.FileField(
                    blank=True,
                    max_length=60,
                    storage=accounts.models.record.private_files,
                    upload_to=accounts.models.record.path_of_record,
                ),
            ),
            (
                "person",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="record_exports",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
        options={"ordering": ["-id"]},
    ),
    migrations.CreateModel(
        name="RoleGrant",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "role",
                models.CharField(
                    choices=[
                        ("support", "Support"),
                        ("moderator", "Moderator"),
                        ("senior", "Senior moderator"),
                        ("finance", "Finance"),
                        ("auditor", "Auditor"),
                        ("admin", "Administrator"),
                    ],
                    max_length=16,
                ),
            ),
            ("granted_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("reason", models.CharField(max_length=300)),
            ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ("revoke_reason", models.CharField(blank=True, max_length=300)),
            (
                "granted_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "revoked_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "user",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="role_grants", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Seeing",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("reason", models.CharField(max_length=300)),
            ("began_at", models.DateTimeField()),
            ("ends_at", models.DateTimeField()),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "person",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="seen_by_staff",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
    ),
    migrations.AddConstraint(
        model_name="user",
        constraint=models.UniqueConstraint(django.db.models.functions.text.Lower("email"), name="one_account_an_email"),
    ),
    migrations.AddConstraint(
        model_name="accountcurb",
        constraint=models.UniqueConstraint(
            condition=models.Q(("lifted_at", None)), fields=("person", "kind"), name="one_open_curb_a_kind"
        ),
    ),
    migrations.AddConstraint(
        model_name="accountcurb",
        constraint=models.CheckConstraint(condition=models.Q(("kind__in", ["mute", "bar"])), name="curb_is_known"),
    ),
    migrations.AddIndex(
        model_name="auditevent", index=models.Index(fields=["target", "-at"], name="accounts_au_target_0bb7f9_idx")
    ),
    migrations.AddIndex(
        model_name="auditevent", index=models.Index(fields=["actor", "-at"], name="accounts_au_actor_i_18de85_idx")
    ),
    migrations.AddIndex(model_name="auditevent", index=models.Index(fields=["verb", "-at"], name="audit_of_a_verb")),
    migrations.AddIndex(model_name="auditevent", index=models.Index(fields=["-at"], name="audit_of_a_day")),
    migrations.AddIndex(model_name="notice", index=models.Index(fields=["person", "-id"], name="notices_of_person")),
    migrations.AddIndex(
        model_name="notice",
        index=models.Index(condition=models.Q(("read_at", None)), fields=["person"], name="notices_unread"),
    ),
    migrations.AddIndex(model_name="notice", index=models.Index(fields=["told_at"], name="notices_old")),
    migrations.AddIndex(
        model_name="recordexport",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="record_due"
        ),
    ),
    migrations.AddConstraint(
        model_name="recordexport",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("file", ""), ("ready_at", None)),
                models.Q(("ready_at__isnull", False), models.Q(("file", ""), _negated=True)),
                _connector="OR",
            ),
            name="a_ready_record_has_its_file",
        ),
    ),
    migrations.AddConstraint(
        model_name="rolegrant",
        constraint=models.UniqueConstraint(
            condition=models.Q(("revoked_at", None)), fields=("user", "role"), name="one_present_grant_a_role"
        ),
    ),
    migrations.AddConstraint(
        model_name="seeing",
        constraint=models.CheckConstraint(
            condition=models.Q(("by", models.F("person")), _negated=True), name="nobody_sees_as_herself"
        ),
    ),
    migrations.AddConstraint(
        model_name="seeing",
        constraint=models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="seen_for_a_reason"),
    ),
]


class Migration(migrations.Migration):
    initial = True

    # The files of before that this one stands for (decision 105). Each that follows stands for one of its own, so that a
    # migration of an empty database that was cut short goes on where it was.
    replaces = [
        ("accounts", name)
        for name in [
            "0001_initial",
            "0003_records",
            "0004_audit_circumstances",
            "0005_second_factors",
            "0006_role_grants_hold",
            "0007_seeing",
            "0008_records_are_files",
            "0009_more_roles",
            "0010_notices",
            "0011_second_factors_sealed",
            "0012_curbs",
        ]
    ]

    dependencies = [("auth", "0012_alter_user_first_name_max_length")]

    operations = [Tables(TABLES)]
