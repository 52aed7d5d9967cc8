"""The tables, as the models say them. What the models cannot say follows in the files behind this one."""

import datetime

import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import courses.models.attachment
import moderation.models.rights_claim
from marketplace.lib.tables import Tables

TABLES = [
    migrations.CreateModel(
        name="Appeal",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("text", models.TextField(max_length=4000)),
            ("appealed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("due_at", models.DateTimeField()),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="AppealReminder",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "appeal",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="reminder", to="moderation.appeal"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Case",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("kind", models.CharField(max_length=16)),
            ("key", models.CharField(max_length=80)),
            ("title", models.CharField(max_length=250)),
            ("url", models.CharField(max_length=300)),
            ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("closed_at", models.DateTimeField(null=True)),
            ("reports_count", models.PositiveIntegerField(default=0)),
            ("kept_count", models.PositiveIntegerField(default=0)),
            ("severity", models.PositiveSmallIntegerField(default=1)),
            ("reach", models.PositiveIntegerField(default=0)),
            ("weight", models.PositiveIntegerField(default=0)),
            ("anonymous_weight", models.PositiveIntegerField(default=0)),
            ("priority", models.PositiveIntegerField(default=0)),
            (
                "rank",
                models.GeneratedField(
                    db_persist=True,
                    expression=django.db.models.expressions.CombinedExpression(
                        models.F("priority"), "*", models.Value(-1)
                    ),
                    output_field=models.IntegerField(),
                ),
            ),
            ("rule_code", models.CharField(db_default="", max_length=40)),
            (
                "language",
                models.CharField(
                    choices=[
                        ("en", "English"),
                        ("zh-hans", "Chinese"),
                        ("ja", "Japanese"),
                        ("ko", "Korean"),
                        ("es", "Spanish"),
                        ("fr", "French"),
                        ("de", "German"),
                        ("sgn", "Sign language"),
                    ],
                    db_default="",
                    max_length=12,
                ),
            ),
            ("due_at", models.DateTimeField(null=True)),
            (
                "course",
                models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.course"
                ),
            ),
            (
                "creator",
                models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="creators.creator"
                ),
            ),
            (
                "owner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="CaseClaim",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("claimed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("expires_at", models.DateTimeField()),
            ("released_at", models.DateTimeField(blank=True, null=True)),
            (
                "case",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="moderation.case"
                ),
            ),
            (
                "moderator",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Claim",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("claimed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("expires_at", models.DateTimeField()),
            ("released_at", models.DateTimeField(blank=True, null=True)),
            (
                "moderator",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="claims", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "submission",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="courses.submission"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="CommunityAdvice",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "verdict",
                models.CharField(choices=[("breaks", "It breaks a rule"), ("fine", "It is in order")], max_length=8),
            ),
            ("votes", models.PositiveSmallIntegerField()),
            ("agreeing", models.PositiveSmallIntegerField()),
            ("given_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "case",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="community_advice", to="moderation.case"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="CommunityReviewer",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("edition", models.CharField(max_length=20)),
            ("right_answers", models.PositiveSmallIntegerField()),
            ("questions", models.PositiveSmallIntegerField()),
            ("joined_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("left_at", models.DateTimeField(null=True)),
            (
                "person",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="community_reviews",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="CommunityTurn",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("given_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("ends_at", models.DateTimeField()),
            (
                "case",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="community_turns", to="moderation.case"
                ),
            ),
            (
                "reviewer",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="turns", to="moderation.communityreviewer"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="CommunityVote",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "verdict",
                models.CharField(choices=[("breaks", "It breaks a rule"), ("fine", "It is in order")], max_length=8),
            ),
            ("text", models.CharField(max_length=500)),
            ("voted_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="community_votes",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "case",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="community_votes", to="moderation.case"
                ),
            ),
            (
                "turn",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="vote", to="moderation.communityturn"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Evidence",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("taken_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("shown", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
            ("digest", models.CharField(max_length=64)),
            (
                "case",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="moderation.case"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Flag",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("code", models.CharField(max_length=16)),
            ("rule_version", models.PositiveSmallIntegerField()),
            ("figures", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
            ("raised_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("cleared_at", models.DateTimeField(null=True)),
            (
                "case",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="flags", to="moderation.case"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="FlagAnswer",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("text", models.TextField(max_length=2000)),
            ("said_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "flag",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="moderation.flag"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="ListedWord",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("text", models.CharField(max_length=60, verbose_name="word or words")),
            (
                "language",
                models.CharField(choices=[("en", "English"), ("zh", "Chinese")], max_length=2, verbose_name="language"),
            ),
            (
                "severity",
                models.CharField(
                    choices=[
                        ("refuse", "Refused: the text is not accepted"),
                        ("person", "For a person: a moderator looks at it"),
                        ("mark", "Marked: creator and moderator see it"),
                        ("innocent", "Innocent: never a finding, nor a piece of one"),
                    ],
                    max_length=8,
                    verbose_name="severity",
                ),
            ),
            ("rule_code", models.CharField(blank=True, max_length=40, verbose_name="rule")),
            ("reason", models.CharField(max_length=300, verbose_name="why it is listed")),
            ("is_part", models.BooleanField(default=False, verbose_name="also inside other words")),
            (
                "by_sound",
                models.BooleanField(default=False, verbose_name="also in pinyin and in signs that sound the same"),
            ),
            ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "added_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
        options={"ordering": ["-id"]},
    ),
    migrations.CreateModel(
        name="Measure",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("kind", models.CharField(max_length=16)),
            ("key", models.CharField(max_length=80)),
            ("title", models.CharField(max_length=250)),
            (
                "action",
                models.CharField(
                    choices=[
                        ("dismiss", "Nothing broken"),
                        ("warn", "Warning"),
                        ("limit", "Not recommended"),
                        ("hide", "Lesson hidden"),
                        ("hide_clip", "Clip hidden"),
                        ("hide_rating", "Rating hidden"),
                        ("hide_post", "Question, answer or comment hidden"),
                        ("hide_work", "Work kept from peers"),
                        ("mute", "May not write"),
                        ("bar", "Account suspended"),
                        ("unpublish", "Taken off the sale"),
                        ("refund", "Refund of everybody"),
                        ("suspend", "Creator suspended"),
                        ("hold", "Payouts held back"),
                        ("uphold", "Claim of copyright upheld"),
                        ("reject", "Claim of copyright rejected"),
                        ("settle", "Claim of copyright settled"),
                    ],
                    max_length=12,
                ),
            ),
            (
                "cause",
                models.CharField(
                    choices=[
                        ("decided", "Decided"),
                        ("reversed", "Taken back"),
                        ("appeal", "Overturned on appeal"),
                        ("expired", "Time was up"),
                    ],
                    default="decided",
                    max_length=10,
                ),
            ),
            ("reason", models.TextField(max_length=2000)),
            ("is_reason_public", models.BooleanField(default=True)),
            ("is_bad_faith", models.BooleanField(default=False)),
            ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("ends_at", models.DateTimeField(null=True)),
            ("effect", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
            (
                "case",
                models.OneToOneField(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="measure", to="moderation.case"
                ),
            ),
            (
                "course",
                models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="measures", to="courses.course"
                ),
            ),
            (
                "creator",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="measures",
                    to="creators.creator",
                ),
            ),
            (
                "curb",
                models.OneToOneField(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="measure",
                    to="accounts.accountcurb",
                ),
            ),
            (
                "decided_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "evidence",
                models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="moderation.evidence"
                ),
            ),
            (
                "owner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "payout_hold",
                models.OneToOneField(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="measure",
                    to="payments.payouthold",
                ),
            ),
            (
                "post_hiding",
                models.OneToOneField(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="measure",
                    to="community.posthiding",
                ),
            ),
            (
                "rating_hiding",
                models.OneToOneField(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="measure",
                    to="community.ratinghiding",
                ),
            ),
            (
                "restriction",
                models.OneToOneField(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="measure",
                    to="courses.restriction",
                ),
            ),
            (
                "reverses",
                models.OneToOneField(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="reversal",
                    to="moderation.measure",
                ),
            ),
            (
                "suspension",
                models.OneToOneField(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="measure",
                    to="creators.suspension",
                ),
            ),
            (
                "takedown",
                models.OneToOneField(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="measure",
                    to="courses.takedown",
                ),
            ),
            (
                "work_hiding",
                models.OneToOneField(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="measure",
                    to="learners.workhiding",
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="CaseAnswer",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            ("through_report_id", models.BigIntegerField(default=0)),
            (
                "measure",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="moderation.measure"
                ),
            ),
        ],
    ),
    migrations.AddField(
        model_name="appeal",
        name="measure",
        field=models.OneToOneField(
            on_delete=django.db.models.deletion.PROTECT, related_name="appeal", to="moderation.measure"
        ),
    ),
    migrations.CreateModel(
        name="OutcomeChange",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            (
                "outcome",
                models.CharField(
                    choices=[
                        ("dismissed", "found in order"),
                        ("upheld", "you were right"),
                        ("taken_back", "you were right; taken back since"),
                        ("overturned", "overturned on appeal"),
                    ],
                    max_length=12,
                ),
            ),
            ("through_report_id", models.BigIntegerField(default=0)),
            (
                "measure",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="moderation.measure"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="RefundWave",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            ("through_item_id", models.BigIntegerField(default=0)),
            ("asked_count", models.PositiveIntegerField(default=0)),
            ("left_count", models.PositiveIntegerField(default=0)),
            ("asked_at", models.DateTimeField(null=True)),
            ("stopped_at", models.DateTimeField(null=True)),
            ("needs_second", models.BooleanField(default=False)),
            (
                "course",
                models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.course"),
            ),
            (
                "measure",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="wave", to="moderation.measure"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="RefundVerdict",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ("agrees", models.BooleanField()),
            ("reason", models.CharField(blank=True, max_length=500)),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "decided_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "wave",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="verdict", to="moderation.refundwave"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="RightsClaim",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("holder", models.CharField(max_length=200)),
            ("work", models.CharField(max_length=300)),
            ("proof", models.TextField(max_length=4000)),
            ("proof_url", models.URLField(blank=True, max_length=500)),
            (
                "proof_file",
                models.FileField(
                    blank=True,
                    max_length=120,
                    storage=courses.models.attachment.private_files,
                    upload_to=moderation.models.rights_claim.path_of_proof,
                ),
            ),
            ("proof_name", models.CharField(blank=True, max_length=120)),
            ("proof_type", models.CharField(blank=True, max_length=100)),
            ("is_good_faith", models.BooleanField()),
            ("kind", models.CharField(max_length=16)),
            ("key", models.CharField(max_length=80)),
            ("title", models.CharField(max_length=250)),
            ("url", models.CharField(max_length=300)),
            ("shown", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
            ("filed_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "state",
                models.CharField(
                    choices=[
                        ("filed", "Waits to be admitted"),
                        ("answering", "The creator may answer"),
                        ("replying", "The claimant may reply"),
                        ("deciding", "Waits for a verdict"),
                        ("closed", "Closed"),
                    ],
                    default="filed",
                    max_length=12,
                ),
            ),
            ("due_at", models.DateTimeField(null=True)),
            (
                "claimant",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="rights_claims",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="rights_claims", to="courses.course"
                ),
            ),
            (
                "escrow",
                models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.courseescrow"
                ),
            ),
            (
                "owner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="RightsStep",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("admit", "Admitted"),
                        ("counter", "Counter-notice of the creator"),
                        ("silent", "No counter-notice in time"),
                        ("go_on", "The claimant goes on"),
                        ("withdraw", "Withdrawn by the claimant"),
                        ("lapse", "No reply in time: the claim has lapsed"),
                        ("uphold", "Upheld"),
                        ("reject", "Rejected"),
                        ("settle", "Settled by both sides"),
                        ("reopen", "The verdict was taken back: open again"),
                        ("overturn", "The verdict was taken back: closed"),
                    ],
                    max_length=12,
                ),
            ),
            ("text", models.TextField(blank=True, max_length=4000)),
            ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ("due_at", models.DateTimeField(null=True)),
            (
                "by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "claim",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="moderation.rightsclaim"
                ),
            ),
            (
                "hiding",
                models.OneToOneField(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="moderation.measure"
                ),
            ),
            (
                "measure",
                models.OneToOneField(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="rights_step",
                    to="moderation.measure",
                ),
            ),
            (
                "refunding",
                models.OneToOneField(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="moderation.measure"
                ),
            ),
        ],
        options={"ordering": ["id"]},
    ),
    migrations.CreateModel(
        name="RuleVersion",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("code", models.SlugField(max_length=40)),
            ("number", models.PositiveSmallIntegerField()),
            (
                "area",
                models.CharField(
                    choices=[("content", "Content"), ("commerce", "Commerce"), ("rights", "Intellectual property")],
                    max_length=12,
                    verbose_name="area",
                ),
            ),
            (
                "severity",
                models.PositiveSmallIntegerField(
                    choices=[(1, "slight"), (2, "notable"), (3, "serious"), (4, "grave")], verbose_name="severity"
                ),
            ),
            (
                "applies_to",
                django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), size=None),
            ),
            ("is_reviewed", models.BooleanField(default=False)),
            ("about", models.CharField(default="lesson", max_length=8)),
            ("ends_access", models.BooleanField(default=False)),
            ("is_end", models.BooleanField(default=False)),
            ("title_en", models.CharField(max_length=120)),
            ("title_zh", models.CharField(max_length=120)),
            ("text_en", models.TextField(max_length=2000)),
            ("text_zh", models.TextField(max_length=2000)),
            ("examples", models.JSONField(default=list)),
            ("why_en", models.CharField(blank=True, max_length=500)),
            ("why_zh", models.CharField(blank=True, max_length=500)),
            ("announced_at", models.DateTimeField()),
            ("comments_until", models.DateTimeField()),
            ("in_force_at", models.DateTimeField()),
            (
                "announced_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
        options={"ordering": ["id"]},
    ),
    migrations.CreateModel(
        name="RuleComment",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ("text", models.TextField(max_length=2000)),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "rule",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="moderation.ruleversion"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Report",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("sender", models.CharField(blank=True, max_length=64)),
            ("text", models.TextField(blank=True, max_length=2000)),
            ("at_second", models.PositiveIntegerField(null=True)),
            ("weight", models.PositiveIntegerField()),
            ("reported_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "case",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="moderation.case"
                ),
            ),
            (
                "reporter",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="reports",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "rule",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to="moderation.ruleversion"
                ),
            ),
        ],
    ),
    migrations.AddField(
        model_name="measure",
        name="rule",
        field=models.ForeignKey(
            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="moderation.ruleversion"
        ),
    ),
    migrations.CreateModel(
        name="ChangeRecall",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            ("through_creator_id", models.BigIntegerField(default=0)),
            (
                "rule",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="recall", to="moderation.ruleversion"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="ChangeAnnouncement",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            ("through_creator_id", models.BigIntegerField(default=0)),
            (
                "rule",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="announcement",
                    to="moderation.ruleversion",
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="RuleWithdrawal",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("withdrawn_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("reason", models.CharField(max_length=500)),
            (
                "rule",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="withdrawal", to="moderation.ruleversion"
                ),
            ),
            (
                "withdrawn_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="SecondLook",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("drawn_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "decision",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="second_look", to="courses.decision"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="SecondJudgment",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("judged_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("verdict", models.CharField(choices=[("approve", "Approved"), ("return", "Sent back")], max_length=16)),
            ("reason", models.TextField(blank=True, max_length=4000)),
            ("rubric_version", models.CharField(max_length=20)),
            ("findings", models.JSONField(default=list)),
            (
                "rules",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.CharField(max_length=50), default=list, size=None
                ),
            ),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "look",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="judgment", to="moderation.secondlook"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="WordWithdrawal",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("withdrawn_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("reason", models.CharField(max_length=300)),
            (
                "withdrawn_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "word",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="withdrawal", to="moderation.listedword"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="AppealAnswer",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "verdict",
                models.CharField(
                    choices=[("upheld", "The decision stands"), ("overturned", "Overturned")], max_length=12
                ),
            ),
            ("reason", models.TextField(max_length=2000)),
            ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "appeal",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="moderation.appeal"
                ),
            ),
            (
                "decided_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("verdict__in", ["upheld", "overturned"])), name="appeal_verdict_is_known"
                )
            ]
        },
    ),
    migrations.AddIndex(
        model_name="case",
        index=models.Index(
            condition=models.Q(("closed_at", None)),
            fields=["rank", "id", "opened_at", "due_at", "severity", "kind", "language", "rule_code"],
            name="case_queue",
        ),
    ),
    migrations.AddIndex(
        model_name="case",
        index=models.Index(
            condition=models.Q(("closed_at", None)), fields=["kind", "rank", "id"], name="case_queue_kind"
        ),
    ),
    migrations.AddIndex(
        model_name="case",
        index=models.Index(
            condition=models.Q(("closed_at", None)), fields=["severity", "rank", "id"], name="case_queue_severity"
        ),
    ),
    migrations.AddIndex(
        model_name="case",
        index=models.Index(
            condition=models.Q(("closed_at", None)), fields=["rule_code", "rank", "id"], name="case_queue_rule"
        ),
    ),
    migrations.AddIndex(
        model_name="case",
        index=models.Index(condition=models.Q(("closed_at", None)), fields=["due_at"], name="case_queue_due"),
    ),
    migrations.AddIndex(
        model_name="case",
        index=models.Index(
            condition=models.Q(("closed_at", None), _negated=True), fields=["closed_at", "id"], name="case_closed"
        ),
    ),
    migrations.AddIndex(model_name="case", index=models.Index(fields=["kind", "key", "-id"], name="case_of_target")),
    migrations.AddConstraint(
        model_name="case",
        constraint=models.UniqueConstraint(
            condition=models.Q(("closed_at", None)), fields=("kind", "key"), name="one_open_case_a_target"
        ),
    ),
    migrations.AddConstraint(
        model_name="case",
        constraint=models.UniqueConstraint(
            condition=models.Q(("closed_at", None), ("kind", "person")),
            fields=("owner",),
            name="one_open_case_a_person",
        ),
    ),
    migrations.AddIndex(
        model_name="caseclaim",
        index=models.Index(condition=models.Q(("released_at", None)), fields=["moderator"], name="case_claim_held"),
    ),
    migrations.AddConstraint(
        model_name="caseclaim",
        constraint=models.UniqueConstraint(
            condition=models.Q(("released_at", None)), fields=("case",), name="one_claim_a_case"
        ),
    ),
    migrations.AddIndex(
        model_name="claim",
        index=models.Index(condition=models.Q(("released_at", None)), fields=["moderator"], name="claim_held"),
    ),
    migrations.AddConstraint(
        model_name="claim",
        constraint=models.UniqueConstraint(
            condition=models.Q(("released_at", None)), fields=("submission",), name="one_claim_a_submission"
        ),
    ),
    migrations.AddConstraint(
        model_name="communityadvice",
        constraint=models.CheckConstraint(
            condition=models.Q(("verdict__in", ["breaks", "fine"])), name="advice_is_known"
        ),
    ),
    migrations.AddConstraint(
        model_name="communityadvice",
        constraint=models.CheckConstraint(
            condition=models.Q(("agreeing__lte", models.F("votes")), ("votes__gte", 1)), name="advice_counts_its_votes"
        ),
    ),
    migrations.AddConstraint(
        model_name="communityreviewer",
        constraint=models.UniqueConstraint(
            condition=models.Q(("left_at", None)), fields=("person",), name="a_reviewer_joins_once"
        ),
    ),
    migrations.AddConstraint(
        model_name="communityturn",
        constraint=models.UniqueConstraint(fields=("case", "reviewer"), name="a_case_is_given_once"),
    ),
    migrations.AddConstraint(
        model_name="communityvote",
        constraint=models.UniqueConstraint(fields=("case", "by"), name="one_vote_a_person_and_case"),
    ),
    migrations.AddConstraint(
        model_name="communityvote",
        constraint=models.CheckConstraint(
            condition=models.Q(("verdict__in", ["breaks", "fine"])), name="vote_is_known"
        ),
    ),
    migrations.AddConstraint(
        model_name="evidence",
        constraint=models.UniqueConstraint(fields=("case", "digest"), name="evidence_once_a_state"),
    ),
    migrations.AddIndex(model_name="flag", index=models.Index(fields=["code", "-id"], name="flag_of_detector")),
    migrations.AddConstraint(
        model_name="flag",
        constraint=models.UniqueConstraint(fields=("case", "code"), name="one_flag_a_case_and_detector"),
    ),
    migrations.AddIndex(
        model_name="listedword",
        index=models.Index(django.db.models.functions.text.Lower("text"), name="listed_word_text"),
    ),
    migrations.AddConstraint(
        model_name="listedword",
        constraint=models.CheckConstraint(
            condition=models.Q(("language__in", ["en", "zh"])), name="word_language_is_known"
        ),
    ),
    migrations.AddConstraint(
        model_name="listedword",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("rule_code", ""), ("severity", "innocent")),
                models.Q(("severity__in", ["refuse", "person", "mark"]), models.Q(("rule_code", ""), _negated=True)),
                _connector="OR",
            ),
            name="a_word_names_its_rule",
        ),
    ),
    migrations.AddConstraint(
        model_name="listedword",
        constraint=models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="a_word_is_something"),
    ),
    migrations.AddIndex(
        model_name="caseanswer",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="case_answer_due"
        ),
    ),
    migrations.AddConstraint(
        model_name="appeal",
        constraint=models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="an_appeal_says_why"),
    ),
    migrations.AddIndex(
        model_name="outcomechange",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="outcome_change_due"
        ),
    ),
    migrations.AddConstraint(
        model_name="outcomechange",
        constraint=models.UniqueConstraint(fields=("measure", "outcome"), name="one_change_an_outcome"),
    ),
    migrations.AddConstraint(
        model_name="outcomechange",
        constraint=models.CheckConstraint(
            condition=models.Q(("outcome__in", ["taken_back", "overturned"])), name="an_outcome_changes_to"
        ),
    ),
    migrations.AddIndex(
        model_name="refundwave",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="refund_wave_due"
        ),
    ),
    migrations.AddConstraint(
        model_name="refundverdict",
        constraint=models.CheckConstraint(
            condition=models.Q(("by", models.F("decided_by")), _negated=True), name="a_second_person_agrees"
        ),
    ),
    migrations.AddConstraint(
        model_name="refundverdict",
        constraint=models.CheckConstraint(
            condition=models.Q(("agrees", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
            name="refund_declined_for_a_reason",
        ),
    ),
    migrations.AddIndex(
        model_name="rightsclaim",
        index=models.Index(
            condition=models.Q(("state__in", ["filed", "deciding"])), fields=["filed_at", "id"], name="rights_queue"
        ),
    ),
    migrations.AddIndex(
        model_name="rightsclaim",
        index=models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="rights_due"),
    ),
    migrations.AddConstraint(
        model_name="rightsclaim",
        constraint=models.CheckConstraint(
            condition=models.Q(("is_good_faith", True)), name="a_claim_is_made_in_good_faith"
        ),
    ),
    migrations.AddConstraint(
        model_name="rightsclaim",
        constraint=models.CheckConstraint(
            condition=models.Q(("kind__in", ["course", "lesson"])), name="a_claim_is_about_a_course"
        ),
    ),
    migrations.AddConstraint(
        model_name="rightsclaim",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("due_at__isnull", False), ("state__in", ["answering", "replying"])),
                models.Q(("due_at", None), ("state__in", ["filed", "deciding", "closed"])),
                _connector="OR",
            ),
            name="a_claim_s_clock_runs_while_it_waits_for_a_side",
        ),
    ),
    migrations.AddConstraint(
        model_name="rightsclaim",
        constraint=models.UniqueConstraint(
            condition=models.Q(("state", "closed"), _negated=True),
            fields=("claimant", "kind", "key"),
            name="one_open_claim_a_person",
        ),
    ),
    migrations.AddConstraint(
        model_name="rightsstep",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("by", None), ("kind__in", ["silent", "lapse"])),
                models.Q(models.Q(("kind__in", ["silent", "lapse"]), _negated=True), ("by__isnull", False)),
                _connector="OR",
            ),
            name="a_step_is_somebody_s_or_the_clock_s",
        ),
    ),
    migrations.AddConstraint(
        model_name="rightsstep",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("kind__in", ["uphold", "reject", "settle"]), ("measure__isnull", False)),
                models.Q(models.Q(("kind__in", ["uphold", "reject", "settle"]), _negated=True), ("measure", None)),
                _connector="OR",
            ),
            name="a_verdict_is_a_decision",
        ),
    ),
    migrations.AddConstraint(
        model_name="ruleversion",
        constraint=models.UniqueConstraint(fields=("code", "number"), name="one_wording_a_number"),
    ),
    migrations.AddConstraint(
        model_name="ruleversion",
        constraint=models.CheckConstraint(
            condition=models.Q(("area__in", ["content", "commerce", "rights"])), name="rule_area_is_known"
        ),
    ),
    migrations.AddConstraint(
        model_name="ruleversion",
        constraint=models.CheckConstraint(
            condition=models.Q(("severity__range", (1, 4))), name="rule_severity_is_known"
        ),
    ),
    migrations.AddConstraint(
        model_name="ruleversion",
        constraint=models.CheckConstraint(
            condition=models.Q(("about__in", ["course", "lesson"])), name="rule_is_about_something"
        ),
    ),
    migrations.AddConstraint(
        model_name="ruleversion",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("announced_by", None),
                models.Q(
                    (
                        "comments_until__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("announced_at"), "+", models.Value(datetime.timedelta(days=14))
                        ),
                    ),
                    ("in_force_at__gte", models.F("comments_until")),
                ),
                _connector="OR",
            ),
            name="a_rule_can_be_commented_on_first",
        ),
    ),
    migrations.AddConstraint(
        model_name="rulecomment",
        constraint=models.CheckConstraint(
            condition=models.Q(("text", ""), _negated=True), name="a_rule_comment_says_something"
        ),
    ),
    migrations.AddIndex(
        model_name="report", index=models.Index(fields=["reporter", "-reported_at"], name="report_of_person")
    ),
    migrations.AddConstraint(
        model_name="report",
        constraint=models.UniqueConstraint(
            condition=models.Q(("reporter__isnull", False)),
            fields=("case", "reporter"),
            name="one_report_a_person_and_case",
        ),
    ),
    migrations.AddConstraint(
        model_name="report",
        constraint=models.UniqueConstraint(
            condition=models.Q(("sender", ""), _negated=True),
            fields=("case", "sender"),
            name="one_report_a_sender_and_case",
        ),
    ),
    migrations.AddConstraint(
        model_name="report",
        constraint=models.CheckConstraint(
            condition=models.Q(("reporter", None), ("sender", ""), _connector="XOR"), name="a_report_has_one_sender"
        ),
    ),
    migrations.AddIndex(model_name="measure", index=models.Index(fields=["-decided_at", "-id"], name="measure_newest")),
    migrations.AddIndex(
        model_name="measure",
        index=models.Index(condition=models.Q(("ends_at__isnull", False)), fields=["ends_at"], name="measure_ends"),
    ),
    migrations.AddConstraint(
        model_name="measure",
        constraint=models.CheckConstraint(
            condition=models.Q(
                (
                    "action__in",
                    [
                        "dismiss",
                        "warn",
                        "limit",
                        "hide",
                        "hide_clip",
                        "hide_rating",
                        "hide_post",
                        "hide_work",
                        "mute",
                        "bar",
                        "unpublish",
                        "refund",
                        "suspend",
                        "hold",
                        "uphold",
                        "reject",
                        "settle",
                    ],
                )
            ),
            name="measure_action_is_known",
        ),
    ),
    migrations.AddConstraint(
        model_name="measure",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("decided_by", None), models.Q(("decided_by", models.F("owner")), _negated=True), _connector="OR"
            ),
            name="nobody_judges_her_own",
        ),
    ),
    migrations.AddConstraint(
        model_name="measure",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("cause", "decided"), ("decided_by__isnull", False), ("reverses", None)),
                models.Q(
                    ("cause__in", ["reversed", "appeal"]), ("decided_by__isnull", False), ("reverses__isnull", False)
                ),
                models.Q(("cause", "expired"), ("decided_by", None), ("reverses__isnull", False)),
                _connector="OR",
            ),
            name="a_measure_is_decided_or_ends_one",
        ),
    ),
    migrations.AddConstraint(
        model_name="measure",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("action", "dismiss"), ("rule", None)),
                models.Q(models.Q(("action", "dismiss"), _negated=True), ("rule__isnull", False)),
                _connector="OR",
            ),
            name="a_measure_names_its_rule",
        ),
    ),
    migrations.AddConstraint(
        model_name="measure",
        constraint=models.CheckConstraint(
            condition=models.Q(("ends_at", None), ("ends_at__gt", models.F("decided_at")), _connector="OR"),
            name="a_measure_lasts",
        ),
    ),
    migrations.AddConstraint(
        model_name="measure",
        constraint=models.CheckConstraint(
            condition=models.Q(("is_bad_faith", False), ("action", "dismiss"), _connector="OR"),
            name="bad_faith_is_of_reporters",
        ),
    ),
    migrations.AddIndex(
        model_name="changerecall",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="recall_due"
        ),
    ),
    migrations.AddIndex(
        model_name="changeannouncement",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="change_told_due"
        ),
    ),
    migrations.AddConstraint(
        model_name="secondjudgment",
        constraint=models.CheckConstraint(
            condition=models.Q(("verdict__in", ["approve", "return"])), name="second_verdict_is_known"
        ),
    ),
]


class Migration(migrations.Migration):
    initial = True

    # The files of before that this one stands for (decision 105). Each that follows stands for one of its own, so that a
    # migration of an empty database that was cut short goes on where it was.
    replaces = [
        ("moderation", name)
        for name in [
            "0001_initial",
            "0002_rule_book",
            "0004_cases",
            "0007_second_person",
            "0008_second_looks",
            "0009_flags",
            "0010_rights_claims",
            "0011_rights_hold",
            "0012_fair_accounts",
            "0013_claims_hold_income",
            "0014_queues",
            "0015_clips_hidden",
            "0016_words",
            "0018_community",
            "0019_ratings_hidden",
            "0020_rating_kind",
            "0021_persons",
            "0022_waves_name_their_refunds",
            "0023_posts",
            "0024_forget_appeals",
            "0025_outcomes",
            "0026_recalls",
            "0027_reminders",
            "0028_no_party_answers",
            "0029_refunds_asked",
            "0030_more_words",
        ]
    ]

    dependencies = [
        ("accounts", "0001_tables"),
        ("community", "0001_tables"),
        ("courses", "0001_tables"),
        ("creators", "0001_tables"),
        ("learners", "0001_tables"),
        ("payments", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [Tables(TABLES)]
