"""The tables, as the models say them. What the models cannot say follows in the files behind this one."""

import datetime
import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

import courses.models.attachment
from marketplace.lib.tables import Tables

TABLES = [
    migrations.CreateModel(
        name="Category",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("slug", models.SlugField(max_length=40, unique=True)),
            ("name_en", models.CharField(max_length=60)),
            ("name_zh", models.CharField(max_length=60)),
            ("position", models.PositiveSmallIntegerField(default=0)),
            (
                "is_fast_moving",
                models.BooleanField(
                    db_default=False,
                    default=False,
                    help_text="courses are stale after 18 months without a version or a check",
                ),
            ),
        ],
        options={"verbose_name_plural": "categories", "ordering": ["position", "id"]},
    ),
    migrations.CreateModel(
        name="Collection",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("slug", models.SlugField(max_length=80, unique=True)),
        ],
    ),
    migrations.CreateModel(
        name="CollectionEdition",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("number", models.PositiveIntegerField()),
            ("title_en", models.CharField(max_length=80, verbose_name="title in English")),
            ("title_zh", models.CharField(max_length=80, verbose_name="title in Chinese")),
            ("words_en", models.CharField(blank=True, max_length=400, verbose_name="words in English")),
            ("words_zh", models.CharField(blank=True, max_length=400, verbose_name="words in Chinese")),
            ("starts_on", models.DateField(verbose_name="from")),
            ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
            ("is_on_home", models.BooleanField(default=True, verbose_name="on the first page")),
            ("course_ids", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=24)),
            ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ("why", models.CharField(max_length=400, verbose_name="why")),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "collection",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="editions", to="courses.collection"
                ),
            ),
        ],
        options={"ordering": ["-number"]},
    ),
    migrations.AddField(
        model_name="collection",
        name="present",
        field=models.ForeignKey(
            blank=True,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="+",
            to="courses.collectionedition",
        ),
    ),
    migrations.CreateModel(
        name="Course",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("price_minor", models.PositiveBigIntegerField(blank=True, null=True)),
            ("suggested_minor", models.PositiveBigIntegerField(blank=True, null=True)),
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
                ),
            ),
            ("price_rank", models.PositiveBigIntegerField(default=0)),
            ("rating_score", models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
            ("rating_low", models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
            ("rating_high", models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
            ("rating_count", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
            (
                "rating_spread",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.PositiveIntegerField(),
                    db_default=models.Value(
                        [],
                        django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None),
                    ),
                    default=list,
                    editable=False,
                    size=None,
                ),
            ),
            ("slug", models.SlugField(max_length=80, unique=True)),
            ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("published_at", models.DateTimeField(blank=True, null=True)),
            ("renewed_at", models.DateTimeField(blank=True, null=True)),
            ("is_taken_down", models.BooleanField(default=False)),
            ("is_limited", models.BooleanField(db_default=False, default=False)),
            ("learners_count", models.PositiveIntegerField(default=0)),
            ("has_watermark", models.BooleanField(db_default=False, default=False)),
            ("remind_after_days", models.PositiveSmallIntegerField(blank=True, db_default=365, default=365, null=True)),
            ("stale_at", models.DateTimeField(blank=True, null=True)),
            ("stale_reason", models.CharField(blank=True, db_default="", max_length=8)),
            ("title", models.CharField(max_length=120)),
            ("subtitle", models.CharField(blank=True, max_length=200)),
            (
                "level",
                models.CharField(
                    choices=[
                        ("beginner", "Beginner"),
                        ("intermediate", "Intermediate"),
                        ("advanced", "Advanced"),
                        ("all", "All levels"),
                    ],
                    default="all",
                    max_length=16,
                ),
            ),
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
                    default="en",
                    max_length=12,
                ),
            ),
            ("cover", models.ImageField(blank=True, upload_to="covers/")),
            ("cover_small", models.ImageField(blank=True, upload_to="covers/")),
            ("lessons_count", models.PositiveIntegerField(default=0)),
            ("duration_s", models.PositiveIntegerField(default=0)),
            (
                "skill_ids",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.BigIntegerField(),
                    db_default=models.Value(
                        [], django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)
                    ),
                    default=list,
                    editable=False,
                    size=None,
                ),
            ),
            (
                "captions",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.CharField(max_length=12),
                    db_default=models.Value(
                        [],
                        django.contrib.postgres.fields.ArrayField(
                            base_field=models.CharField(max_length=12), size=None
                        ),
                    ),
                    default=list,
                    editable=False,
                    size=None,
                ),
            ),
            ("search", django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
            ("search_text", models.TextField(blank=True, db_default="", editable=False)),
            (
                "category",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="courses",
                    to="courses.category",
                ),
            ),
            (
                "creator",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="courses", to="creators.creator"
                ),
            ),
            (
                "institution",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="courses",
                    to="creators.institution",
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Clip",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("lesson_key", models.UUIDField()),
            ("title", models.CharField(max_length=80, verbose_name="title")),
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
                    max_length=12,
                    verbose_name="language",
                ),
            ),
            ("line", models.CharField(blank=True, max_length=140, verbose_name="line")),
            ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("published_at", models.DateTimeField(null=True)),
            ("removed_at", models.DateTimeField(null=True)),
            (
                "excerpt",
                models.OneToOneField(
                    null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="clip", to="videos.excerpt"
                ),
            ),
            (
                "made_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "removed_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="clips", to="courses.course"
                ),
            ),
        ],
        options={"ordering": ["-made_at"]},
    ),
    migrations.CreateModel(
        name="Decision",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("verdict", models.CharField(choices=[("approve", "Approved"), ("return", "Sent back")], max_length=16)),
            ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("reason", models.TextField(blank=True, max_length=4000)),
            ("rubric_version", models.CharField(max_length=20)),
            (
                "decided_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Finding",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("rule_code", models.CharField(max_length=40)),
            ("rule_version", models.PositiveSmallIntegerField(db_default=1, default=1)),
            ("lesson_key", models.UUIDField(blank=True, null=True)),
            ("at_second", models.PositiveIntegerField(blank=True, null=True)),
            ("text", models.TextField(max_length=2000)),
            (
                "decision",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="courses.decision"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Listing",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("listed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("ended_at", models.DateTimeField(blank=True, null=True)),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="listings", to="courses.course"
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
                    on_delete=django.db.models.deletion.PROTECT, related_name="listings", to="creators.institution"
                ),
            ),
            (
                "listed_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Path",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("slug", models.SlugField(max_length=80, unique=True)),
            ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("published_at", models.DateTimeField(blank=True, null=True)),
            ("is_closed", models.BooleanField(default=False)),
            (
                "creator",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="paths",
                    to="creators.creator",
                ),
            ),
        ],
        options={"ordering": ["-published_at", "-id"]},
    ),
    migrations.CreateModel(
        name="PathClosure",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("is_closed", models.BooleanField()),
            ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ("reason", models.CharField(max_length=600)),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "path",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="closures", to="courses.path"
                ),
            ),
        ],
        options={"ordering": ["-id"]},
    ),
    migrations.CreateModel(
        name="PathEdition",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("number", models.PositiveIntegerField()),
            (
                "state",
                models.CharField(
                    choices=[
                        ("draft", "Draft"),
                        ("submitted", "Under review"),
                        ("returned", "Sent back"),
                        ("live", "Live"),
                        ("superseded", "Replaced"),
                    ],
                    default="draft",
                    max_length=12,
                ),
            ),
            ("revision", models.PositiveIntegerField(default=0)),
            ("edited_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("title", models.CharField(max_length=120)),
            ("promise", models.CharField(blank=True, help_text="what somebody can do at its end", max_length=200)),
            ("about", models.TextField(blank=True, help_text="Markdown", max_length=8000)),
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
                    default="en",
                    max_length=12,
                ),
            ),
            ("stages", models.JSONField(blank=True, default=list, help_text="title and words of each stage")),
            (
                "path",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="editions", to="courses.path"
                ),
            ),
        ],
    ),
    migrations.AddField(
        model_name="path",
        name="live_edition",
        field=models.ForeignKey(
            blank=True,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="+",
            to="courses.pathedition",
        ),
    ),
    migrations.CreateModel(
        name="PathStep",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("stage", models.PositiveSmallIntegerField()),
            ("position", models.PositiveSmallIntegerField()),
            (
                "course",
                models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.course"),
            ),
            (
                "edition",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="courses.pathedition"
                ),
            ),
        ],
        options={"ordering": ["stage", "position"]},
    ),
    migrations.CreateModel(
        name="PathSubmission",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("submitted_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("note", models.TextField(blank=True, max_length=2000)),
            ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            (
                "edition",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="submissions", to="courses.pathedition"
                ),
            ),
            (
                "submitted_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "withdrawn_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="PathDecision",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("verdict", models.CharField(choices=[("approve", "Approved"), ("return", "Sent back")], max_length=16)),
            ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("reason", models.TextField(blank=True, max_length=2000)),
            (
                "decided_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "submission",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="courses.pathsubmission"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Picture",
        fields=[
            ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
            ("lesson_key", models.UUIDField(db_index=True)),
            ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("name", models.CharField(max_length=120)),
            ("width", models.PositiveIntegerField()),
            ("height", models.PositiveIntegerField()),
            (
                "file",
                models.FileField(
                    storage=courses.models.attachment.private_files, upload_to=courses.models.attachment.path_of_picture
                ),
            ),
            (
                "added_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"ordering": ["added_at", "id"]},
    ),
    migrations.CreateModel(
        name="PriceChange",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("price_minor", models.PositiveBigIntegerField()),
            ("suggested_minor", models.PositiveBigIntegerField(null=True)),
            ("currency", models.CharField(max_length=3)),
            ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "changed_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="price_changes", to="courses.course"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="ReminderChoice",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("after_days", models.PositiveSmallIntegerField(null=True)),
            ("chosen_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "chosen_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="reminder_choices", to="courses.course"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Restriction",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("rule_code", models.CharField(max_length=40)),
            ("rule_version", models.PositiveSmallIntegerField()),
            ("reason", models.TextField(max_length=2000)),
            ("lifted_at", models.DateTimeField(blank=True, null=True)),
            ("lift_reason", models.TextField(blank=True, max_length=2000)),
            (
                "kind",
                models.CharField(
                    choices=[("limit", "Not recommended"), ("hide", "Lesson hidden"), ("clip", "Clip hidden")],
                    max_length=8,
                ),
            ),
            ("lesson_key", models.UUIDField(blank=True, null=True)),
            ("clip_key", models.UUIDField(blank=True, null=True)),
            ("imposed_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="restrictions", to="courses.course"
                ),
            ),
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
        ],
    ),
    migrations.CreateModel(
        name="Skill",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("slug", models.SlugField(max_length=60, unique=True)),
            ("name_en", models.CharField(max_length=60)),
            ("name_zh", models.CharField(max_length=60)),
            ("position", models.PositiveSmallIntegerField(default=0)),
            ("retired_at", models.DateTimeField(blank=True, null=True)),
            (
                "category",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="skills", to="courses.category"
                ),
            ),
        ],
        options={"ordering": ["category__position", "position", "id"]},
    ),
    migrations.CreateModel(
        name="SubjectCheck",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("subject", models.CharField(max_length=40)),
            ("version", models.CharField(blank=True, max_length=24)),
            ("checked_on", models.DateField()),
            ("is_dropped", models.BooleanField(default=False)),
            ("noted_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="courses.course"
                ),
            ),
            (
                "noted_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Submission",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("submitted_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("note", models.TextField(blank=True, max_length=2000)),
            ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ("language", models.CharField(db_default="en", max_length=12)),
            ("is_update", models.BooleanField(db_default=False)),
            ("lures_count", models.PositiveSmallIntegerField(db_default=0, default=0)),
            ("decided_at", models.DateTimeField(blank=True, null=True)),
            (
                "submitted_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "withdrawn_by",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="FindingAnswer",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("is_mended", models.BooleanField()),
            ("text", models.TextField(blank=True, max_length=2000)),
            (
                "finding",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="courses.finding"
                ),
            ),
            (
                "submission",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="courses.submission"
                ),
            ),
        ],
        options={"ordering": ["finding_id"]},
    ),
    migrations.AddField(
        model_name="decision",
        name="submission",
        field=models.OneToOneField(
            on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="courses.submission"
        ),
    ),
    migrations.CreateModel(
        name="Takedown",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("rule_code", models.CharField(max_length=40)),
            ("reason", models.TextField(max_length=2000)),
            ("lifted_at", models.DateTimeField(blank=True, null=True)),
            ("lift_reason", models.TextField(blank=True, max_length=2000)),
            ("taken_down_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("rule_version", models.PositiveSmallIntegerField(db_default=1, default=1)),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="takedowns", to="courses.course"
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
                "taken_down_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Version",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("number", models.PositiveIntegerField()),
            (
                "state",
                models.CharField(
                    choices=[
                        ("draft", "Draft"),
                        ("submitted", "Under review"),
                        ("returned", "Sent back"),
                        ("live", "Live"),
                        ("superseded", "Replaced"),
                    ],
                    default="draft",
                    max_length=12,
                ),
            ),
            ("revision", models.PositiveIntegerField(default=0)),
            ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("edited_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("live_at", models.DateTimeField(blank=True, null=True)),
            ("change_note", models.CharField(blank=True, db_default="", max_length=500, verbose_name="what is new")),
            ("tells_learners", models.BooleanField(db_default=False, default=False)),
            ("title", models.CharField(max_length=120, verbose_name="title")),
            ("subtitle", models.CharField(blank=True, max_length=200, verbose_name="subtitle")),
            ("description", models.TextField(blank=True, max_length=20000, verbose_name="description")),
            ("outcomes", models.JSONField(blank=True, default=list, verbose_name="what you will learn")),
            ("requirements", models.JSONField(blank=True, default=list, verbose_name="requirements")),
            ("audience", models.JSONField(blank=True, default=list, verbose_name="who it is for")),
            (
                "level",
                models.CharField(
                    choices=[
                        ("beginner", "Beginner"),
                        ("intermediate", "Intermediate"),
                        ("advanced", "Advanced"),
                        ("all", "All levels"),
                    ],
                    default="all",
                    max_length=16,
                    verbose_name="level",
                ),
            ),
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
                    default="en",
                    max_length=12,
                    verbose_name="language",
                ),
            ),
            ("cover", models.ImageField(blank=True, upload_to="covers/", verbose_name="cover")),
            ("cover_small", models.ImageField(blank=True, upload_to="covers/")),
            ("lessons_count", models.PositiveIntegerField(default=0)),
            ("duration_s", models.PositiveIntegerField(default=0)),
            (
                "category",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="courses.category",
                    verbose_name="category",
                ),
            ),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="courses.course"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="TaughtSkill",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("level", models.PositiveSmallIntegerField(choices=[(1, "Basic"), (2, "Working"), (3, "Advanced")])),
            ("position", models.PositiveSmallIntegerField(default=0)),
            (
                "skill",
                models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.skill"),
            ),
            (
                "version",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="skills", to="courses.version"
                ),
            ),
        ],
        options={"ordering": ["position", "id"]},
    ),
    migrations.AddField(
        model_name="submission",
        name="version",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="submissions", to="courses.version"
        ),
    ),
    migrations.CreateModel(
        name="Section",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("key", models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4)),
            ("title", models.CharField(max_length=120, verbose_name="title")),
            ("position", models.PositiveIntegerField()),
            (
                "version",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="sections", to="courses.version"
                ),
            ),
        ],
        options={"ordering": ["position"]},
    ),
    migrations.CreateModel(
        name="Lesson",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("key", models.UUIDField(default=uuid.uuid4)),
            ("title", models.CharField(max_length=120, verbose_name="title")),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("video", "Video"),
                        ("article", "Article"),
                        ("file", "Files"),
                        ("quiz", "Quiz"),
                        ("assignment", "Assignment"),
                    ],
                    default="video",
                    max_length=12,
                ),
            ),
            ("position", models.PositiveIntegerField()),
            ("article", models.TextField(blank=True, max_length=100000, verbose_name="text")),
            ("quiz", models.JSONField(blank=True, null=True)),
            ("assignment", models.JSONField(blank=True, null=True)),
            ("is_preview", models.BooleanField(default=False, verbose_name="free preview")),
            ("duration_s", models.PositiveIntegerField(default=0)),
            ("revision", models.PositiveIntegerField(default=0)),
            (
                "video",
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="lessons",
                    to="videos.video",
                ),
            ),
            (
                "section",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="lessons", to="courses.section"
                ),
            ),
            (
                "version",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="lessons", to="courses.version"
                ),
            ),
        ],
        options={"ordering": ["position"]},
    ),
    migrations.AddField(
        model_name="course",
        name="live_version",
        field=models.ForeignKey(
            blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.version"
        ),
    ),
    migrations.CreateModel(
        name="Attachment",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("key", models.UUIDField(default=uuid.uuid4)),
            ("name", models.CharField(max_length=120)),
            ("media_type", models.CharField(max_length=100)),
            ("size", models.PositiveBigIntegerField()),
            ("sha256", models.CharField(max_length=64)),
            (
                "file",
                models.FileField(
                    max_length=120,
                    storage=courses.models.attachment.private_files,
                    upload_to=courses.models.attachment.path_of_file,
                ),
            ),
            ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "lesson",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="files", to="courses.lesson"
                ),
            ),
            (
                "version",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.version"),
            ),
        ],
        options={"ordering": ["id"]},
    ),
    migrations.CreateModel(
        name="WatermarkChoice",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("is_on", models.BooleanField()),
            ("chosen_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "chosen_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="watermark_choices", to="courses.course"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="ClipShowing",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("published_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("withdrawn_at", models.DateTimeField(null=True)),
            (
                "clip",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="showings", to="courses.clip"
                ),
            ),
            (
                "published_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "withdrawn_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("withdrawn_at", None)), fields=("clip",), name="one_open_showing_a_clip"
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                        models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                        _connector="OR",
                    ),
                    name="a_withdrawal_says_by_whom",
                ),
            ]
        },
    ),
    migrations.AddConstraint(
        model_name="collectionedition",
        constraint=models.UniqueConstraint(fields=("collection", "number"), name="collection_editions_are_numbered"),
    ),
    migrations.AddConstraint(
        model_name="collectionedition",
        constraint=models.CheckConstraint(
            condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
            name="a_collection_ends_after_it_begins",
        ),
    ),
    migrations.AddIndex(
        model_name="clip",
        index=models.Index(
            models.OrderBy(models.F("published_at"), descending=True),
            models.OrderBy(models.F("id"), descending=True),
            condition=models.Q(("published_at__isnull", False)),
            name="clip_newest",
        ),
    ),
    migrations.AddIndex(model_name="clip", index=models.Index(fields=["course", "-made_at"], name="clip_of_course")),
    migrations.AddConstraint(
        model_name="clip",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("removed_at", None), ("removed_by", None)),
                models.Q(("published_at", None), ("removed_at__isnull", False), ("removed_by__isnull", False)),
                _connector="OR",
            ),
            name="a_removed_clip_is_not_published",
        ),
    ),
    migrations.AddConstraint(
        model_name="listing",
        constraint=models.UniqueConstraint(
            condition=models.Q(("ended_at", None)), fields=("course",), name="one_listing_a_course"
        ),
    ),
    migrations.AddConstraint(
        model_name="pathedition",
        constraint=models.UniqueConstraint(fields=("path", "number"), name="path_editions_are_numbered"),
    ),
    migrations.AddConstraint(
        model_name="pathedition",
        constraint=models.UniqueConstraint(
            condition=models.Q(("state__in", ["draft", "submitted", "returned"])),
            fields=("path",),
            name="one_working_edition",
        ),
    ),
    migrations.AddConstraint(
        model_name="pathedition",
        constraint=models.UniqueConstraint(
            condition=models.Q(("state", "live")), fields=("path",), name="one_live_edition"
        ),
    ),
    migrations.AddConstraint(
        model_name="pathedition",
        constraint=models.CheckConstraint(
            condition=models.Q(("state__in", ["draft", "submitted", "returned", "live", "superseded"])),
            name="path_state_is_known",
        ),
    ),
    migrations.AddConstraint(
        model_name="path",
        constraint=models.CheckConstraint(
            condition=models.Q(("live_edition", None), ("published_at__isnull", False), _connector="OR"),
            name="a_live_path_has_a_date",
        ),
    ),
    migrations.AddConstraint(
        model_name="pathstep",
        constraint=models.UniqueConstraint(fields=("edition", "course"), name="a_course_once_in_a_path"),
    ),
    migrations.AddConstraint(
        model_name="pathdecision",
        constraint=models.CheckConstraint(
            condition=models.Q(("verdict__in", ["approve", "return"])), name="path_verdict_is_known"
        ),
    ),
    migrations.AddIndex(model_name="pricechange", index=models.Index(fields=["changed_at"], name="price_changed_at")),
    migrations.AddConstraint(
        model_name="reminderchoice",
        constraint=models.CheckConstraint(
            condition=models.Q(("after_days", None), ("after_days__in", [90, 180, 365]), _connector="OR"),
            name="reminder_days",
        ),
    ),
    migrations.AddConstraint(
        model_name="restriction",
        constraint=models.UniqueConstraint(
            condition=models.Q(("kind", "limit"), ("lifted_at", None)),
            fields=("course",),
            name="one_open_limit_a_course",
        ),
    ),
    migrations.AddConstraint(
        model_name="restriction",
        constraint=models.UniqueConstraint(
            condition=models.Q(("kind", "hide"), ("lifted_at", None)),
            fields=("lesson_key",),
            name="one_open_hiding_a_lesson",
        ),
    ),
    migrations.AddConstraint(
        model_name="restriction",
        constraint=models.UniqueConstraint(
            condition=models.Q(("kind", "clip"), ("lifted_at", None)),
            fields=("clip_key",),
            name="one_open_hiding_a_clip",
        ),
    ),
    migrations.AddConstraint(
        model_name="restriction",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("clip_key", None), ("kind", "limit"), ("lesson_key", None)),
                models.Q(("clip_key", None), ("kind", "hide"), ("lesson_key__isnull", False)),
                models.Q(("clip_key__isnull", False), ("kind", "clip"), ("lesson_key", None)),
                _connector="OR",
            ),
            name="a_restriction_names_its_thing",
        ),
    ),
    migrations.AddConstraint(
        model_name="skill",
        constraint=models.CheckConstraint(
            condition=models.Q(models.Q(("name_en", ""), _negated=True), models.Q(("name_zh", ""), _negated=True)),
            name="a_skill_has_both_names",
        ),
    ),
    migrations.AddIndex(model_name="subjectcheck", index=models.Index(fields=["course", "id"], name="check_of_course")),
    migrations.AddConstraint(
        model_name="subjectcheck",
        constraint=models.CheckConstraint(
            condition=models.Q(("subject", ""), _negated=True), name="check_names_a_thing"
        ),
    ),
    migrations.AddConstraint(
        model_name="subjectcheck",
        constraint=models.CheckConstraint(
            condition=models.Q(("checked_on__gte", datetime.date(2000, 1, 1))), name="check_has_a_day"
        ),
    ),
    migrations.AddConstraint(
        model_name="findinganswer",
        constraint=models.UniqueConstraint(
            fields=("submission", "finding"), name="one_answer_a_finding_and_submission"
        ),
    ),
    migrations.AddConstraint(
        model_name="findinganswer",
        constraint=models.CheckConstraint(
            condition=models.Q(("is_mended", True), models.Q(("text", ""), _negated=True), _connector="OR"),
            name="what_is_left_has_its_reason",
        ),
    ),
    migrations.AddConstraint(
        model_name="decision",
        constraint=models.CheckConstraint(
            condition=models.Q(("verdict__in", ["approve", "return"])), name="decision_verdict_is_known"
        ),
    ),
    migrations.AddConstraint(
        model_name="takedown",
        constraint=models.UniqueConstraint(
            condition=models.Q(("lifted_at", None)), fields=("course",), name="one_open_takedown_a_course"
        ),
    ),
    migrations.AddConstraint(
        model_name="version",
        constraint=models.UniqueConstraint(fields=("course", "number"), name="version_numbers_are_unique"),
    ),
    migrations.AddConstraint(
        model_name="version",
        constraint=models.UniqueConstraint(
            condition=models.Q(("state__in", ["draft", "submitted", "returned"])),
            fields=("course",),
            name="one_working_version_a_course",
        ),
    ),
    migrations.AddConstraint(
        model_name="version",
        constraint=models.UniqueConstraint(
            condition=models.Q(("state", "live")), fields=("course",), name="one_live_version_a_course"
        ),
    ),
    migrations.AddConstraint(
        model_name="version",
        constraint=models.CheckConstraint(
            condition=models.Q(("state__in", ["draft", "submitted", "returned", "live", "superseded"])),
            name="version_state_is_known",
        ),
    ),
    migrations.AddConstraint(
        model_name="taughtskill",
        constraint=models.UniqueConstraint(fields=("version", "skill"), name="a_version_teaches_a_skill_once"),
    ),
    migrations.AddConstraint(
        model_name="taughtskill",
        constraint=models.CheckConstraint(condition=models.Q(("level__in", [1, 2, 3])), name="skill_level_is_known"),
    ),
    migrations.AddIndex(
        model_name="submission",
        index=models.Index(
            condition=models.Q(("decided_at", None), ("withdrawn_at", None)),
            fields=["submitted_at", "id"],
            name="submission_waits",
        ),
    ),
    migrations.AddIndex(
        model_name="submission",
        index=models.Index(
            condition=models.Q(("decided_at", None), ("withdrawn_at", None)),
            fields=["language", "submitted_at", "id"],
            name="submission_waits_language",
        ),
    ),
    migrations.AddIndex(
        model_name="submission",
        index=models.Index(
            condition=models.Q(("decided_at", None), ("withdrawn_at", None)),
            fields=["is_update", "submitted_at", "id"],
            name="submission_waits_kind",
        ),
    ),
    migrations.AddConstraint(
        model_name="section",
        constraint=models.UniqueConstraint(
            deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
            fields=("version", "position"),
            name="section_positions_are_unique",
        ),
    ),
    migrations.AddConstraint(
        model_name="section",
        constraint=models.UniqueConstraint(fields=("version", "key"), name="a_section_stands_once_in_a_version"),
    ),
    migrations.AddIndex(model_name="lesson", index=models.Index(fields=["key"], name="courses_les_key_129be8_idx")),
    migrations.AddConstraint(
        model_name="lesson",
        constraint=models.UniqueConstraint(
            deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
            fields=("section", "position"),
            name="lesson_positions_are_unique",
        ),
    ),
    migrations.AddConstraint(
        model_name="lesson",
        constraint=models.UniqueConstraint(fields=("version", "key"), name="a_lesson_stands_once_in_a_version"),
    ),
    migrations.AddConstraint(
        model_name="lesson",
        constraint=models.CheckConstraint(
            condition=models.Q(("kind__in", ["video", "article", "file", "quiz", "assignment"])),
            name="lesson_kind_is_known",
        ),
    ),
    migrations.AddConstraint(
        model_name="lesson",
        constraint=models.CheckConstraint(
            condition=models.Q(("kind", "video"), ("video", None), _connector="OR"), name="an_article_has_no_film"
        ),
    ),
    migrations.AddConstraint(
        model_name="lesson",
        constraint=models.CheckConstraint(
            condition=models.Q(("kind", "quiz"), ("quiz__isnull", True), _connector="OR"),
            name="only_a_quiz_has_questions",
        ),
    ),
    migrations.AddConstraint(
        model_name="lesson",
        constraint=models.CheckConstraint(
            condition=models.Q(("kind", "assignment"), ("assignment__isnull", True), _connector="OR"),
            name="only_an_assignment_has_a_task",
        ),
    ),
    migrations.AddConstraint(
        model_name="lesson",
        constraint=models.CheckConstraint(
            condition=models.Q(("is_preview", True), ("kind__in", ["quiz", "assignment"]), _negated=True),
            name="what_is_graded_is_no_preview",
        ),
    ),
    migrations.AddIndex(
        model_name="course",
        index=django.contrib.postgres.indexes.GinIndex(
            condition=models.Q(("live_version__isnull", False)), fields=["skill_ids"], name="course_skills"
        ),
    ),
    migrations.AddIndex(
        model_name="course",
        index=models.Index(
            models.OrderBy(models.F("published_at"), descending=True),
            models.OrderBy(models.F("id"), descending=True),
            condition=models.Q(("live_version__isnull", False)),
            name="course_newest",
        ),
    ),
    migrations.AddIndex(
        model_name="course",
        index=models.Index(
            models.OrderBy(models.F("learners_count"), descending=True),
            models.OrderBy(models.F("id"), descending=True),
            condition=models.Q(("live_version__isnull", False)),
            name="course_popular",
        ),
    ),
    migrations.AddIndex(
        model_name="course",
        index=models.Index(
            models.F("price_rank"),
            models.F("id"),
            condition=models.Q(("live_version__isnull", False)),
            name="course_cheapest",
        ),
    ),
    migrations.AddIndex(
        model_name="course",
        index=models.Index(
            models.OrderBy(models.F("rating_low"), descending=True),
            models.OrderBy(models.F("id"), descending=True),
            condition=models.Q(("live_version__isnull", False)),
            name="course_best_rated",
        ),
    ),
    migrations.AddIndex(
        model_name="course",
        index=models.Index(
            models.F("renewed_at"), condition=models.Q(("live_version__isnull", False)), name="course_renewed"
        ),
    ),
    migrations.AddIndex(
        model_name="course",
        index=models.Index(
            models.F("category"),
            models.OrderBy(models.F("learners_count"), descending=True),
            models.OrderBy(models.F("id"), descending=True),
            condition=models.Q(("live_version__isnull", False)),
            name="course_shelf",
        ),
    ),
    migrations.AddIndex(
        model_name="course",
        index=models.Index(
            models.F("id"),
            condition=models.Q(
                ("live_version__isnull", False),
                models.Q(("is_taken_down", True), ("is_limited", True), _connector="OR"),
            ),
            name="course_kept_from_lists",
        ),
    ),
    migrations.AddConstraint(
        model_name="course",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("live_version", None),
                models.Q(("price_minor__isnull", False), ("published_at__isnull", False)),
                _connector="OR",
            ),
            name="a_live_course_has_a_price_and_a_date",
        ),
    ),
    migrations.AddConstraint(
        model_name="course",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("currency__in", ["USD", "EUR", "GBP", "CNY", "HKD", "SGD", "JPY", "KRW", "TWD", "KWD"])
            ),
            name="course_currency_is_known",
        ),
    ),
    migrations.AddConstraint(
        model_name="course",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("suggested_minor", None),
                models.Q(("price_minor__gt", 0), ("suggested_minor__gte", models.F("price_minor"))),
                _connector="OR",
            ),
            name="course_suggests_no_less_than_it_asks",
        ),
    ),
    migrations.AddConstraint(
        model_name="attachment",
        constraint=models.UniqueConstraint(fields=("version", "key"), name="a_file_stands_once_in_a_version"),
    ),
]


class Migration(migrations.Migration):
    initial = True

    # The files of before that this one stands for (decision 105). Each that follows stands for one of its own, so that a
    # migration of an empty database that was cut short goes on where it was.
    replaces = [
        ("courses", name)
        for name in [
            "0001_initial",
            "0004_withdrawals_and_lesson_revisions",
            "0005_indexes",
            "0006_captions_and_renewed",
            "0007_lesson_kinds",
            "0008_rule_versions",
            "0009_watermark",
            "0010_version_notes",
            "0011_skills",
            "0012_first_skills",
            "0013_paths",
            "0015_collections",
            "0017_listings",
            "0018_freshness",
            "0019_tells_learners",
            "0020_assignments",
            "0021_price_changed_at",
            "0022_waiting_submissions",
            "0023_finding_answers",
            "0024_clips",
            "0025_ratings",
            "0026_best_rated",
            "0027_submissions_lures",
            "0028_no_old_search",
            "0029_named_prices",
            "0030_kept_from_lists",
        ]
    ]

    dependencies = [
        ("creators", "0001_tables"),
        ("videos", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Words that are like others.
        TrigramExtension(),
        Tables(TABLES),
    ]
