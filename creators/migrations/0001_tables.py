"""The tables, as the models say them. What the models cannot say follows in the files behind this one."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import creators.models.invitation
from marketplace.lib.tables import Tables

TABLES = [
    migrations.CreateModel(
        name="Creator",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("slug", models.SlugField(max_length=80, unique=True)),
            ("name", models.CharField(max_length=80, verbose_name="name")),
            ("headline", models.CharField(blank=True, max_length=120, verbose_name="headline")),
            ("bio", models.TextField(blank=True, max_length=4000, verbose_name="about you")),
            ("portrait", models.ImageField(blank=True, upload_to="portraits/", verbose_name="portrait")),
            ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
            ("since", models.DateTimeField(default=django.utils.timezone.now)),
            ("suspended_at", models.DateTimeField(blank=True, null=True)),
            (
                "user",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="creator", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Institution",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("slug", models.SlugField(max_length=80, unique=True)),
            ("name", models.CharField(max_length=120, verbose_name="name")),
            (
                "domain",
                models.CharField(
                    help_text="Its own, as in its e-mail: example.edu", max_length=120, verbose_name="domain"
                ),
            ),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("school", "School"),
                        ("university", "University"),
                        ("company", "Company"),
                        ("public", "Public body"),
                        ("association", "Association"),
                    ],
                    max_length=12,
                    verbose_name="kind",
                ),
            ),
            ("about", models.TextField(blank=True, max_length=4000, verbose_name="about it")),
            ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("is_verified", models.BooleanField(default=False)),
            (
                "started_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"ordering": ["name", "id"]},
    ),
    migrations.CreateModel(
        name="Invitation",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("email", models.EmailField(max_length=254)),
            (
                "role",
                models.CharField(
                    choices=[("owner", "Owner"), ("editor", "Editor"), ("viewer", "Viewer")], max_length=8
                ),
            ),
            ("code", models.CharField(default=creators.models.invitation.fresh_code, max_length=48, unique=True)),
            ("invited_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "answer",
                models.CharField(
                    blank=True,
                    choices=[("accepted", "Accepted"), ("declined", "Declined"), ("withdrawn", "Withdrawn")],
                    max_length=12,
                ),
            ),
            ("answered_at", models.DateTimeField(blank=True, null=True)),
            (
                "institution",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="creators.institution"
                ),
            ),
            (
                "invited_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"ordering": ["-id"]},
    ),
    migrations.CreateModel(
        name="Membership",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "role",
                models.CharField(
                    choices=[("owner", "Owner"), ("editor", "Editor"), ("viewer", "Viewer")], max_length=8
                ),
            ),
            ("since", models.DateTimeField(default=django.utils.timezone.now)),
            ("ended_at", models.DateTimeField(blank=True, null=True)),
            (
                "added_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "ended_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "institution",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="members", to="creators.institution"
                ),
            ),
            (
                "user",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"ordering": ["since", "id"]},
    ),
    migrations.CreateModel(
        name="Suspension",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("rule_code", models.CharField(max_length=40)),
            ("reason", models.TextField(max_length=2000)),
            ("lifted_at", models.DateTimeField(blank=True, null=True)),
            ("lift_reason", models.TextField(blank=True, max_length=2000)),
            ("suspended_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("rule_version", models.PositiveSmallIntegerField(db_default=1, default=1)),
            (
                "creator",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="suspensions", to="creators.creator"
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
                "suspended_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Verification",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "verdict",
                models.CharField(
                    choices=[("verified", "Verified"), ("withdrawn", "No longer verified")], max_length=12
                ),
            ),
            ("checked", models.TextField(max_length=2000, verbose_name="what was checked")),
            ("link", models.URLField(blank=True, max_length=400, verbose_name="proof")),
            ("at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "institution",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="verifications", to="creators.institution"
                ),
            ),
        ],
        options={"ordering": ["-id"]},
    ),
    migrations.AddIndex(
        model_name="creator",
        index=models.Index(
            models.F("id"), condition=models.Q(("suspended_at__isnull", False)), name="creator_suspended"
        ),
    ),
    migrations.AddConstraint(
        model_name="creator",
        constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="creator_has_a_name"),
    ),
    migrations.AddConstraint(
        model_name="institution",
        constraint=models.CheckConstraint(
            condition=models.Q(("name", ""), _negated=True), name="an_institution_has_a_name"
        ),
    ),
    migrations.AddConstraint(
        model_name="institution",
        constraint=models.CheckConstraint(
            condition=models.Q(("kind__in", ["school", "university", "company", "public", "association"])),
            name="institution_kind_is_known",
        ),
    ),
    migrations.AddConstraint(
        model_name="invitation",
        constraint=models.UniqueConstraint(
            condition=models.Q(("answer", "")), fields=("institution", "email"), name="one_open_invitation_an_address"
        ),
    ),
    migrations.AddConstraint(
        model_name="membership",
        constraint=models.UniqueConstraint(
            condition=models.Q(("ended_at", None)), fields=("institution", "user"), name="one_role_in_an_institution"
        ),
    ),
    migrations.AddConstraint(
        model_name="membership",
        constraint=models.CheckConstraint(
            condition=models.Q(("role__in", ["owner", "editor", "viewer"])), name="member_role_is_known"
        ),
    ),
    migrations.AddConstraint(
        model_name="suspension",
        constraint=models.UniqueConstraint(
            condition=models.Q(("lifted_at", None)), fields=("creator",), name="one_open_suspension_a_creator"
        ),
    ),
    migrations.AddConstraint(
        model_name="verification",
        constraint=models.CheckConstraint(
            condition=models.Q(("verdict__in", ["verified", "withdrawn"])), name="verification_verdict_is_known"
        ),
    ),
    migrations.AddConstraint(
        model_name="verification",
        constraint=models.CheckConstraint(
            condition=models.Q(("checked", ""), _negated=True), name="verification_says_what"
        ),
    ),
]


class Migration(migrations.Migration):
    initial = True

    # The files of before that this one stands for (decision 105). Each that follows stands for one of its own, so that a
    # migration of an empty database that was cut short goes on where it was.
    replaces = [
        ("creators", name) for name in ["0001_initial", "0002_indexes", "0003_rule_versions", "0004_institutions"]
    ]

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [Tables(TABLES)]
