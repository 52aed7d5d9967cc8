"""The tables, as the models say them. What the models cannot say follows in the files behind this one."""

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import courses.models.attachment
import learners.fields
import learners.models.certificate
import learners.models.hand_in
import learners.models.path
from marketplace.lib.tables import Tables

TABLES = [
    migrations.CreateModel(
        name="Assessment",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("marks", models.JSONField(help_text="a level's id by the criterion's")),
            ("text", models.TextField()),
            ("given_at", models.DateTimeField()),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"ordering": ["id"]},
    ),
    migrations.CreateModel(
        name="AssignmentDesk", fields=[("lesson_key", models.UUIDField(primary_key=True, serialize=False))]
    ),
    migrations.CreateModel(
        name="QuizAttempt",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("lesson_key", models.UUIDField()),
            ("number", models.PositiveSmallIntegerField()),
            ("drawn", models.JSONField(help_text="question ids with their options' ids, in the order shown")),
            ("started_at", models.DateTimeField()),
            ("due_at", models.DateTimeField()),
            (
                "course",
                models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.course"),
            ),
            (
                "learner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="quiz_attempts",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "lesson",
                models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.lesson"),
            ),
        ],
        options={"ordering": ["number"]},
    ),
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
                models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.course"),
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
                models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.version"),
            ),
        ],
        options={"ordering": ["-id"]},
    ),
    migrations.CreateModel(
        name="HandIn",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("lesson_key", models.UUIDField()),
            ("number", models.PositiveSmallIntegerField()),
            ("text", models.TextField(blank=True)),
            ("handed_in_at", models.DateTimeField()),
            ("is_late", models.BooleanField()),
            (
                "course",
                models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.course"),
            ),
            (
                "learner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="hand_ins", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "lesson",
                models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.lesson"),
            ),
        ],
        options={"ordering": ["number", "id"]},
    ),
    migrations.CreateModel(
        name="SkillCard",
        fields=[
            (
                "learner",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE,
                    primary_key=True,
                    related_name="+",
                    serialize=False,
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            ("code", models.CharField(default=learners.models.path.fresh_code, max_length=40, unique=True)),
            ("shown_at", models.DateTimeField(default=django.utils.timezone.now)),
        ],
    ),
    migrations.CreateModel(
        name="WatchMeter",
        fields=[
            (
                "learner",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE,
                    primary_key=True,
                    related_name="watch_meter",
                    serialize=False,
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            ("spent_until", models.DateTimeField(null=True)),
            (
                "gaps",
                learners.fields.TimesField(
                    default=tuple, help_text="unspent wall time before the mark that a report may still come for"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Agreement",
        fields=[
            (
                "assessment",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    primary_key=True,
                    related_name="agreement",
                    serialize=False,
                    to="learners.assessment",
                ),
            ),
            ("distance", models.PositiveSmallIntegerField()),
            ("is_far", models.BooleanField()),
        ],
    ),
    migrations.CreateModel(
        name="AttemptAnswers",
        fields=[
            (
                "attempt",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    primary_key=True,
                    related_name="answers",
                    serialize=False,
                    to="learners.quizattempt",
                ),
            ),
            ("given", models.JSONField(default=dict)),
            ("saved_at", models.DateTimeField(null=True)),
        ],
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
            ("reason", models.CharField(help_text="for the holder and for the record; never public", max_length=600)),
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
                    on_delete=django.db.models.deletion.PROTECT, related_name="revocation", to="learners.certificate"
                ),
            ),
        ],
        options={"ordering": ["-id"]},
    ),
    migrations.CreateModel(
        name="ChangeMail",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("mailed_at", models.DateTimeField()),
            (
                "learner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "version",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.version"),
            ),
        ],
    ),
    migrations.CreateModel(
        name="ChangeMailStop",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("stopped_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("ended_at", models.DateTimeField(null=True)),
            (
                "learner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Cohort",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("month", models.DateField()),
            ("enrolled", models.PositiveIntegerField()),
            ("begun", models.PositiveIntegerField()),
            ("finished", models.PositiveIntegerField()),
            ("computed_at", models.DateTimeField()),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="cohorts", to="courses.course"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Enrollment",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "source",
                models.CharField(choices=[("purchase", "Bought"), ("free", "Free"), ("staff", "Given")], max_length=12),
            ),
            (
                "reference",
                models.CharField(blank=True, help_text="for a purchase, the number of the order", max_length=64),
            ),
            ("granted_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("ended_at", models.DateTimeField(blank=True, null=True)),
            ("end_reason", models.CharField(blank=True, max_length=120)),
            ("paused_at", models.DateTimeField(blank=True, null=True)),
            ("is_counted", models.BooleanField(default=True, editable=False)),
            ("completed_at", models.DateTimeField(blank=True, null=True)),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="enrollments", to="courses.course"
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
                "learner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="enrollments", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"ordering": ["-id"]},
    ),
    migrations.AddField(
        model_name="certificate",
        name="enrollment",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="certificates", to="learners.enrollment"
        ),
    ),
    migrations.CreateModel(
        name="FileOpening",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("lesson_key", models.UUIDField()),
            ("file_key", models.UUIDField()),
            ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "course",
                models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.course"),
            ),
            (
                "learner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="HandInAppeal",
        fields=[
            (
                "hand_in",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    primary_key=True,
                    related_name="appeal",
                    serialize=False,
                    to="learners.handin",
                ),
            ),
            ("text", models.TextField()),
            ("made_at", models.DateTimeField()),
        ],
    ),
    migrations.CreateModel(
        name="HandInResult",
        fields=[
            (
                "hand_in",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    primary_key=True,
                    related_name="result",
                    serialize=False,
                    to="learners.handin",
                ),
            ),
            (
                "source",
                models.CharField(
                    choices=[("peers", "Medians of three peers"), ("creator", "The creator’s marks")], max_length=8
                ),
            ),
            ("points", models.JSONField(help_text="by criterion")),
            ("percent", models.PositiveSmallIntegerField()),
            ("passed", models.BooleanField()),
            ("settled_at", models.DateTimeField()),
        ],
    ),
    migrations.CreateModel(
        name="Handling",
        fields=[
            (
                "hand_in",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    primary_key=True,
                    related_name="handling",
                    serialize=False,
                    to="learners.handin",
                ),
            ),
            ("by_peers", models.BooleanField()),
            (
                "waits_until",
                models.DateTimeField(
                    help_text="from then on the creator marks, and nobody owes reviews that she cannot give"
                ),
            ),
            ("to_creator_at", models.DateTimeField(null=True)),
            ("settled_at", models.DateTimeField(null=True)),
            ("shown_at", models.DateTimeField(null=True)),
            ("look_at", models.DateTimeField(null=True)),
        ],
    ),
    migrations.AddField(
        model_name="assessment",
        name="hand_in",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="assessments", to="learners.handin"
        ),
    ),
    migrations.CreateModel(
        name="HandInDraft",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("lesson_key", models.UUIDField()),
            ("text", models.TextField(blank=True)),
            ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "course",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.course"),
            ),
            (
                "learner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="HandInFile",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
            ("name", models.CharField(max_length=120)),
            ("media_type", models.CharField(max_length=100)),
            ("size", models.PositiveBigIntegerField()),
            ("sha256", models.CharField(max_length=64)),
            (
                "file",
                models.FileField(
                    max_length=120,
                    storage=courses.models.attachment.private_files,
                    upload_to=learners.models.hand_in.path_of_hand_in,
                ),
            ),
            ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "draft",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="files",
                    to="learners.handindraft",
                ),
            ),
            (
                "hand_in",
                models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="files", to="learners.handin"
                ),
            ),
            (
                "learner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"ordering": ["id"]},
    ),
    migrations.CreateModel(
        name="ItemAnswer",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("lesson_key", models.UUIDField()),
            ("question", models.UUIDField()),
            ("fingerprint", models.CharField(help_text="of the question as it was asked", max_length=16)),
            ("given", models.JSONField(null=True)),
            ("share", models.FloatField(help_text="how much of it was right, from 0 to 1")),
            ("answered_at", models.DateTimeField()),
            (
                "attempt",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="items",
                    to="learners.quizattempt",
                ),
            ),
            (
                "course",
                models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.course"),
            ),
            (
                "learner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "lesson",
                models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.lesson"),
            ),
        ],
    ),
    migrations.CreateModel(
        name="LessonAudience",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("lesson_key", models.UUIDField()),
            ("length_s", models.PositiveIntegerField(default=0)),
            ("step_s", models.PositiveIntegerField(default=1)),
            ("started", models.PositiveIntegerField()),
            ("finished", models.PositiveIntegerField()),
            (
                "seen",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.PositiveIntegerField(), default=list, size=None
                ),
            ),
            (
                "plays",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.PositiveIntegerField(), default=list, size=None
                ),
            ),
            ("computed_at", models.DateTimeField()),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="lesson_audiences", to="courses.course"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="LessonProgress",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("lesson_key", models.UUIDField()),
            ("asset", models.UUIDField(null=True)),
            ("shown_since", models.DateTimeField(help_text="start of the first session with this film", null=True)),
            ("length_s", models.PositiveIntegerField(default=0)),
            ("covered", learners.fields.SecondsField(default=tuple)),
            ("covered_s", models.PositiveIntegerField(default=0)),
            ("position_s", models.FloatField(default=0)),
            ("position_at", models.DateTimeField(null=True)),
            ("touched_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("done_at", models.DateTimeField(null=True)),
            (
                "course",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.course"),
            ),
            (
                "learner",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="lesson_progress",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
        options={"verbose_name_plural": "lesson progress"},
    ),
    migrations.CreateModel(
        name="Note",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("lesson_key", models.UUIDField()),
            ("at_s", models.PositiveIntegerField(null=True)),
            ("asset", models.UUIDField(help_text="the film that was shown", null=True)),
            ("text", models.TextField(blank=True, max_length=4000)),
            ("plain", models.TextField(blank=True, editable=False)),
            ("revision", models.PositiveIntegerField(default=0)),
            ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("edited_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "course",
                models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.course"),
            ),
            (
                "learner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="notes", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="OutdatedReport",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("lesson_key", models.UUIDField(null=True)),
            ("text", models.CharField(max_length=300)),
            ("said_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "course",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.course"),
            ),
            (
                "learner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "version",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.version"),
            ),
        ],
        options={"ordering": ["-id"]},
    ),
    migrations.CreateModel(
        name="PathFollow",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("followed_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "learner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "path",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.path"),
            ),
        ],
        options={"ordering": ["-followed_at", "-id"]},
    ),
    migrations.CreateModel(
        name="PeerTurn",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("lesson_key", models.UUIDField()),
            ("place", models.PositiveSmallIntegerField()),
            ("taken_at", models.DateTimeField()),
            ("due_at", models.DateTimeField()),
            ("expired_at", models.DateTimeField(null=True)),
            (
                "author",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "hand_in",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="turns", to="learners.handin"
                ),
            ),
            (
                "reviewer",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"ordering": ["id"]},
    ),
    migrations.AddField(
        model_name="assessment",
        name="turn",
        field=models.OneToOneField(
            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="assessment", to="learners.peerturn"
        ),
    ),
    migrations.CreateModel(
        name="ReviewCard",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("lesson_key", models.UUIDField()),
            ("question", models.UUIDField()),
            ("stability", models.FloatField(help_text="days until the chance to know it falls to 90 %")),
            ("difficulty", models.FloatField(help_text="from 1 to 10")),
            ("answers", models.PositiveIntegerField(help_text="how many answers it was made of")),
            ("lapses", models.PositiveIntegerField()),
            ("answered_at", models.DateTimeField()),
            ("due_at", models.DateTimeField()),
            (
                "course",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.course"),
            ),
            (
                "learner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="SeenChange",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("lesson_key", models.UUIDField(null=True)),
            ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "course",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.course"),
            ),
            (
                "learner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "version",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.version"),
            ),
        ],
    ),
    migrations.CreateModel(
        name="WatchSession",
        fields=[
            ("id", models.UUIDField(primary_key=True, serialize=False)),
            ("lesson_key", models.UUIDField()),
            ("asset", models.UUIDField(help_text="the film that was shown")),
            ("length_s", models.PositiveIntegerField()),
            ("started_at", models.DateTimeField(help_text="when the page was loaded")),
            ("reported_at", models.DateTimeField(null=True)),
            ("played", learners.fields.SecondsField(default=tuple)),
            ("spent_s", models.FloatField(default=0)),
            ("replayed", learners.fields.SecondsField(default=tuple)),
            (
                "course",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.course"),
            ),
            (
                "learner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="watch_sessions",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="WatchReport",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("claimed_s", models.PositiveIntegerField(help_text="seconds that were new to the session")),
            ("accepted_s", models.PositiveIntegerField(help_text="those of them that fit into wall time")),
            ("accepted", learners.fields.SecondsField(default=tuple)),
            ("spent_s", models.FloatField(help_text="wall time that they cost")),
            ("speed", models.FloatField()),
            ("position_s", models.FloatField()),
            (
                "session",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="learners.watchsession"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="WeeklyGoal",
        fields=[
            (
                "learner",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE,
                    primary_key=True,
                    related_name="weekly_goal",
                    serialize=False,
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            ("minutes", models.PositiveSmallIntegerField()),
            ("set_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("kept_zone", models.CharField(blank=True, db_default="", default="", editable=False, max_length=64)),
            ("kept_until", models.DateField(editable=False, null=True)),
            (
                "kept_s",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.PositiveIntegerField(), editable=False, null=True, size=None
                ),
            ),
        ],
        options={
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("minutes__gte", 10), ("minutes__lte", 3000)), name="goal_within_a_week"
                )
            ]
        },
    ),
    migrations.CreateModel(
        name="PastGoal",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("minutes", models.PositiveSmallIntegerField()),
            ("ended_at", models.DateTimeField()),
            (
                "goal",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="past", to="learners.weeklygoal"
                ),
            ),
        ],
        options={"ordering": ["ended_at", "id"]},
    ),
    migrations.CreateModel(
        name="WorkHiding",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("rule_code", models.CharField(max_length=40)),
            ("rule_version", models.PositiveSmallIntegerField()),
            ("reason", models.TextField(max_length=2000)),
            ("lifted_at", models.DateTimeField(blank=True, null=True)),
            ("lift_reason", models.TextField(blank=True, max_length=2000)),
            ("hidden_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "hand_in",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="hidings", to="learners.handin"
                ),
            ),
            (
                "hidden_by",
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
        name="QuizResult",
        fields=[
            (
                "attempt",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    primary_key=True,
                    related_name="result",
                    serialize=False,
                    to="learners.quizattempt",
                ),
            ),
            (
                "ending",
                models.CharField(
                    choices=[("submitted", "Handed in"), ("timed_out", "The time was over")], max_length=12
                ),
            ),
            ("closed_at", models.DateTimeField()),
            ("answers", models.JSONField()),
            ("percent", models.PositiveSmallIntegerField()),
            ("passed", models.BooleanField()),
        ],
        options={
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("ending__in", ["submitted", "timed_out"])), name="ending_is_known"
                ),
                models.CheckConstraint(condition=models.Q(("percent__lte", 100)), name="at_most_all_is_right"),
            ]
        },
    ),
    migrations.AddConstraint(
        model_name="quizattempt",
        constraint=models.UniqueConstraint(fields=("learner", "lesson_key", "number"), name="attempts_are_numbered"),
    ),
    migrations.AddConstraint(
        model_name="quizattempt",
        constraint=models.CheckConstraint(
            condition=models.Q(("due_at__gt", models.F("started_at"))), name="an_attempt_ends_after_it_begins"
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
    migrations.AddIndex(
        model_name="changemail", index=models.Index(fields=["learner", "mailed_at"], name="change_mail_of_learner")
    ),
    migrations.AddConstraint(
        model_name="changemail",
        constraint=models.UniqueConstraint(fields=("learner", "version"), name="one_change_mail_a_version"),
    ),
    migrations.AddConstraint(
        model_name="changemailstop",
        constraint=models.UniqueConstraint(
            condition=models.Q(("ended_at", None)), fields=("learner",), name="one_open_change_mail_stop"
        ),
    ),
    migrations.AddConstraint(
        model_name="cohort", constraint=models.UniqueConstraint(fields=("course", "month"), name="one_cohort_a_month")
    ),
    migrations.AddConstraint(
        model_name="cohort",
        constraint=models.CheckConstraint(
            condition=models.Q(("begun__lte", models.F("enrolled")), ("finished__lte", models.F("enrolled"))),
            name="a_cohort_only_falls",
        ),
    ),
    migrations.AddIndex(
        model_name="enrollment", index=models.Index(fields=["course", "-granted_at"], name="enrollment_of_course")
    ),
    migrations.AddIndex(
        model_name="enrollment",
        index=models.Index(
            condition=models.Q(("is_counted", False)), fields=["reference"], name="enrollment_to_be_counted"
        ),
    ),
    migrations.AddConstraint(
        model_name="enrollment",
        constraint=models.UniqueConstraint(
            condition=models.Q(("ended_at", None)), fields=("learner", "course"), name="one_active_enrollment"
        ),
    ),
    migrations.AddConstraint(
        model_name="enrollment",
        constraint=models.CheckConstraint(
            condition=models.Q(("source__in", ["purchase", "free", "staff"])), name="enrollment_source"
        ),
    ),
    migrations.AddConstraint(
        model_name="enrollment",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("end_reason", ""), ("ended_at", None)),
                models.Q(("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                _connector="OR",
            ),
            name="an_ended_enrollment_says_why",
        ),
    ),
    migrations.AddConstraint(
        model_name="enrollment",
        constraint=models.CheckConstraint(
            condition=models.Q(("ended_at", None), ("ended_at__gte", models.F("granted_at")), _connector="OR"),
            name="enrollment_ends_after_it_begins",
        ),
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
        model_name="fileopening",
        constraint=models.UniqueConstraint(fields=("learner", "lesson_key", "file_key"), name="one_opening_a_file"),
    ),
    migrations.CreateModel(
        name="HandInRuling",
        fields=[
            (
                "appeal",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    primary_key=True,
                    related_name="ruling",
                    serialize=False,
                    to="learners.handinappeal",
                ),
            ),
            ("marks", models.JSONField()),
            ("points", models.JSONField()),
            ("percent", models.PositiveSmallIntegerField()),
            ("passed", models.BooleanField()),
            ("text", models.TextField()),
            ("decided_at", models.DateTimeField()),
        ],
    ),
    migrations.AddField(
        model_name="handinappeal",
        name="by",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddConstraint(
        model_name="handinresult",
        constraint=models.CheckConstraint(
            condition=models.Q(("source__in", ["peers", "creator"])), name="source_of_result_is_known"
        ),
    ),
    migrations.AddConstraint(
        model_name="handinresult",
        constraint=models.CheckConstraint(condition=models.Q(("percent__lte", 100)), name="at_most_all_points"),
    ),
    migrations.AddIndex(
        model_name="handling",
        index=models.Index(condition=models.Q(("settled_at", None)), fields=["waits_until"], name="handling_open"),
    ),
    migrations.AddIndex(
        model_name="handling",
        index=models.Index(condition=models.Q(("shown_at", None)), fields=["look_at"], name="handling_to_be_shown"),
    ),
    migrations.AddConstraint(
        model_name="handling",
        constraint=models.CheckConstraint(
            condition=models.Q(("shown_at", None), ("settled_at__isnull", False), _connector="OR"),
            name="shown_is_what_is_settled",
        ),
    ),
    migrations.AddIndex(
        model_name="handin", index=models.Index(fields=["lesson_key", "handed_in_at"], name="hand_ins_of_lesson")
    ),
    migrations.AddConstraint(
        model_name="handin",
        constraint=models.UniqueConstraint(fields=("learner", "lesson_key", "number"), name="hand_ins_are_numbered"),
    ),
    migrations.AddConstraint(
        model_name="handindraft",
        constraint=models.UniqueConstraint(fields=("learner", "lesson_key"), name="one_draft_an_assignment"),
    ),
    migrations.AddConstraint(
        model_name="handinfile",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("draft", None), ("hand_in__isnull", False)),
                models.Q(("draft__isnull", False), ("hand_in", None)),
                _connector="OR",
            ),
            name="a_file_is_in_a_draft_or_handed_in",
        ),
    ),
    migrations.AddIndex(
        model_name="itemanswer", index=models.Index(fields=["lesson_key", "question"], name="answers_of_item")
    ),
    migrations.AddConstraint(
        model_name="itemanswer",
        constraint=models.CheckConstraint(
            condition=models.Q(("share__gte", 0), ("share__lte", 1)), name="a_share_of_an_item"
        ),
    ),
    migrations.AddConstraint(
        model_name="itemanswer",
        constraint=models.UniqueConstraint(fields=("attempt", "question"), name="an_attempt_answers_an_item_once"),
    ),
    migrations.AddConstraint(
        model_name="itemanswer",
        constraint=models.UniqueConstraint(
            fields=("learner", "lesson_key", "question", "answered_at"), name="one_answer_at_a_time"
        ),
    ),
    migrations.AddConstraint(
        model_name="lessonaudience",
        constraint=models.UniqueConstraint(fields=("course", "lesson_key"), name="one_audience_a_lesson"),
    ),
    migrations.AddIndex(
        model_name="lessonprogress", index=models.Index(fields=["learner", "course"], name="progress_in_course")
    ),
    migrations.AddConstraint(
        model_name="lessonprogress",
        constraint=models.UniqueConstraint(fields=("learner", "lesson_key"), name="one_progress_a_lesson"),
    ),
    migrations.AddIndex(
        model_name="note", index=models.Index(fields=["learner", "course", "lesson_key"], name="note_of_learner")
    ),
    migrations.AddConstraint(
        model_name="note",
        constraint=models.CheckConstraint(
            condition=models.Q(("at_s__isnull", False), models.Q(("text", ""), _negated=True), _connector="OR"),
            name="a_note_says_or_marks_something",
        ),
    ),
    migrations.AddConstraint(
        model_name="note",
        constraint=models.CheckConstraint(
            condition=models.Q(("at_s", None), ("at_s__lte", 86400), _connector="OR"), name="note_within_a_day"
        ),
    ),
    migrations.AddIndex(
        model_name="outdatedreport", index=models.Index(fields=["course", "said_at"], name="outdated_of_course")
    ),
    migrations.AddConstraint(
        model_name="outdatedreport",
        constraint=models.UniqueConstraint(fields=("learner", "version"), name="one_outdated_report_a_version"),
    ),
    migrations.AddConstraint(
        model_name="outdatedreport",
        constraint=models.CheckConstraint(
            condition=models.Q(("text", ""), _negated=True), name="an_outdated_report_says_what"
        ),
    ),
    migrations.AddConstraint(
        model_name="pathfollow",
        constraint=models.UniqueConstraint(fields=("learner", "path"), name="one_follow_a_path"),
    ),
    migrations.AddIndex(
        model_name="peerturn",
        index=models.Index(condition=models.Q(("expired_at", None)), fields=["due_at"], name="turns_open"),
    ),
    migrations.AddConstraint(
        model_name="peerturn",
        constraint=models.CheckConstraint(
            condition=models.Q(("place__gte", 1), ("place__lte", 3)), name="a_work_has_three_places"
        ),
    ),
    migrations.AddConstraint(
        model_name="peerturn",
        constraint=models.UniqueConstraint(
            condition=models.Q(("expired_at", None)), fields=("hand_in", "place"), name="a_place_is_taken_once"
        ),
    ),
    migrations.AddConstraint(
        model_name="peerturn",
        constraint=models.UniqueConstraint(
            fields=("reviewer", "author", "lesson_key"), name="nobody_meets_the_same_work_twice"
        ),
    ),
    migrations.AddConstraint(
        model_name="peerturn",
        constraint=models.CheckConstraint(
            condition=models.Q(("reviewer", models.F("author")), _negated=True), name="nobody_reviews_herself"
        ),
    ),
    migrations.AddConstraint(
        model_name="assessment",
        constraint=models.UniqueConstraint(fields=("hand_in", "by"), name="one_assessment_a_person"),
    ),
    migrations.AddIndex(model_name="reviewcard", index=models.Index(fields=["learner", "due_at"], name="cards_due")),
    migrations.AddConstraint(
        model_name="reviewcard",
        constraint=models.UniqueConstraint(fields=("learner", "lesson_key", "question"), name="one_card_an_item"),
    ),
    migrations.AddIndex(
        model_name="seenchange", index=models.Index(fields=["learner", "course"], name="seen_change_of_learner")
    ),
    migrations.AddConstraint(
        model_name="seenchange",
        constraint=models.UniqueConstraint(
            fields=("learner", "version", "lesson_key"), name="one_look_at_a_change", nulls_distinct=False
        ),
    ),
    migrations.AddIndex(
        model_name="watchsession", index=models.Index(fields=["lesson_key", "asset"], name="watch_session_of_lesson")
    ),
    migrations.AddIndex(
        model_name="watchreport",
        index=django.contrib.postgres.indexes.BrinIndex(fields=["received_at"], name="watch_report_received"),
    ),
    migrations.AddConstraint(
        model_name="workhiding",
        constraint=models.UniqueConstraint(
            condition=models.Q(("lifted_at", None)), fields=("hand_in",), name="one_open_hiding_a_work"
        ),
    ),
    migrations.AddField(
        model_name="handinruling",
        name="by",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddConstraint(
        model_name="handinruling",
        constraint=models.CheckConstraint(condition=models.Q(("percent__lte", 100)), name="at_most_all_points_ruled"),
    ),
]


class Migration(migrations.Migration):
    initial = True

    # The files of before that this one stands for (decision 105). Each that follows stands for one of its own, so that a
    # migration of an empty database that was cut short goes on where it was.
    replaces = [
        ("learners", name)
        for name in [
            "0001_initial",
            "0003_counted_later",
            "0004_certificates",
            "0005_notes_and_goals",
            "0006_practice",
            "0007_audience",
            "0008_paths",
            "0009_written_often",
            "0010_changes_seen",
            "0011_change_mails",
            "0012_assignments",
            "0013_forget_answers",
            "0014_work_hidings",
            "0015_meter_gaps",
            "0017_weeks_kept",
            "0018_replayed",
            "0019_pauses",
        ]
    ]

    dependencies = [
        ("accounts", "0001_tables"),
        ("courses", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [Tables(TABLES)]
