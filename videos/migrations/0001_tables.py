"""The tables, as the models say them. What the models cannot say follows in the files behind this one."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from marketplace.lib.tables import Tables

TABLES = [
    migrations.CreateModel(
        name="FilmTurn",
        fields=[
            (
                "owner",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE,
                    primary_key=True,
                    related_name="film_turn",
                    serialize=False,
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            ("taken_at", models.DateTimeField()),
        ],
    ),
    migrations.CreateModel(
        name="TwinPrint",
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
                "output",
                models.CharField(blank=True, help_text="the conversion of which this is the print", max_length=80),
            ),
            ("pictures", models.BinaryField(default=bytes)),
            ("sound", models.BinaryField(default=bytes)),
            ("indexed_at", models.DateTimeField(null=True)),
            (
                "compared_s",
                models.FloatField(help_text="seconds of the film that were compared in the time there was", null=True),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Remaking",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            (
                "films",
                models.CharField(
                    choices=[
                        ("rules", "Made by the rules of before"),
                        ("missing", "A size or a sound is missing"),
                        ("list", "Those on a list"),
                    ],
                    max_length=8,
                ),
            ),
            ("reason", models.TextField(max_length=2000)),
            ("listed", models.JSONField(blank=True, default=list, help_text="ids of films, where it is a list")),
            ("listed_at", models.DateTimeField(editable=False, null=True)),
            (
                "asked_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"ordering": ["-asked_at"]},
    ),
    migrations.CreateModel(
        name="RemakingHalt",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("ended_at", models.DateTimeField(null=True)),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "ended_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "remaking",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="halts", to="videos.remaking"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="SpaceGrant",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("limit_bytes", models.PositiveBigIntegerField()),
            ("granted_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("reason", models.TextField(max_length=2000)),
            (
                "granted_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "owner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="space_grants",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
        options={"ordering": ["-granted_at", "-pk"]},
    ),
    migrations.CreateModel(
        name="TwinMatch",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("film", models.UUIDField()),
            ("film_output", models.CharField(max_length=80)),
            ("film_name", models.CharField(max_length=200)),
            ("film_uploaded_at", models.DateTimeField()),
            ("film_start_ms", models.PositiveBigIntegerField()),
            ("film_end_ms", models.PositiveBigIntegerField()),
            ("twin", models.UUIDField()),
            ("twin_output", models.CharField(max_length=80)),
            ("twin_name", models.CharField(max_length=200)),
            ("twin_uploaded_at", models.DateTimeField()),
            ("twin_start_ms", models.PositiveBigIntegerField()),
            ("twin_end_ms", models.PositiveBigIntegerField()),
            ("picture_s", models.FloatField(null=True)),
            ("picture_score", models.FloatField(null=True)),
            ("sound_s", models.FloatField(null=True)),
            ("sound_score", models.FloatField(null=True)),
            ("is_mirrored", models.BooleanField()),
            ("found_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "film_owner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "twin_owner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="TwinKey",
        fields=[
            (
                "pk",
                models.CompositePrimaryKey(
                    "bucket", "print_id", "at", "cut", blank=True, editable=False, primary_key=True, serialize=False
                ),
            ),
            ("bucket", models.IntegerField()),
            ("at", models.PositiveIntegerField()),
            ("cut", models.PositiveSmallIntegerField()),
            ("owner_id", models.BigIntegerField()),
            (
                "print",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="keys", to="videos.twinprint"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Upload",
        fields=[
            ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
            ("name", models.CharField(max_length=200)),
            ("size", models.PositiveBigIntegerField()),
            ("content_type", models.CharField(blank=True, max_length=100)),
            ("part_size", models.PositiveIntegerField()),
            (
                "store_id",
                models.TextField(
                    blank=True,
                    db_default="",
                    default="",
                    help_text="S3's name for the upload in parts; empty: parts come to our disk",
                ),
            ),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("expires_at", models.DateTimeField()),
            ("completed_at", models.DateTimeField(null=True)),
            ("aborted_at", models.DateTimeField(null=True)),
            (
                "owner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="uploads", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"ordering": ["-created_at"]},
    ),
    migrations.CreateModel(
        name="ColdOriginal",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            ("sha256", models.CharField(blank=True, max_length=64)),
            ("copied_at", models.DateTimeField(null=True)),
            ("moved_at", models.DateTimeField(null=True)),
            ("brought_back_at", models.DateTimeField(null=True)),
            (
                "upload",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE, related_name="cold", to="videos.upload"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="UploadPart",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("number", models.PositiveIntegerField()),
            ("size", models.PositiveIntegerField()),
            ("etag", models.CharField(help_text="MD5 of its bytes, in hex, as S3 does for parts", max_length=32)),
            ("file_name", models.CharField(blank=True, help_text="empty: it lies in S3", max_length=60)),
            ("received_at", models.DateTimeField()),
            (
                "upload",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="videos.upload"
                ),
            ),
        ],
        options={"ordering": ["number"]},
    ),
    migrations.CreateModel(
        name="Video",
        fields=[
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            (
                "rules",
                models.PositiveSmallIntegerField(
                    db_default=1, default=1, editable=False, help_text="by which it was made (ladder.RULES)"
                ),
            ),
            ("former_output", models.CharField(blank=True, db_default="", default="", editable=False, max_length=80)),
            ("former_until", models.DateTimeField(editable=False, null=True)),
            (
                "lost",
                models.PositiveSmallIntegerField(
                    db_default=0, default=0, editable=False, help_text="attempts whose worker was not heard of again"
                ),
            ),
            ("plan", models.JSONField(editable=False, null=True)),
            (
                "priority",
                models.PositiveSmallIntegerField(
                    choices=[(0, "Soon"), (1, "Usual"), (2, "Later")], db_default=1, default=1
                ),
            ),
            (
                "look_s",
                models.FloatField(
                    db_default=0,
                    default=0,
                    editable=False,
                    help_text="seconds that can be looked at while the rest is encoded",
                ),
            ),
            ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
            ("asset", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("name", models.CharField(max_length=200)),
            ("size", models.PositiveBigIntegerField(help_text="bytes of the original")),
            (
                "state",
                models.CharField(
                    choices=[
                        ("uploading", "Uploading"),
                        ("uploaded", "Waiting"),
                        ("probing", "Checking"),
                        ("transcoding", "Converting"),
                        ("paused", "Paused"),
                        ("cancelled", "Cancelled"),
                        ("ready", "Ready"),
                        ("failed", "Failed"),
                    ],
                    default="uploading",
                    max_length=12,
                ),
            ),
            ("percent", models.PositiveSmallIntegerField(default=0)),
            ("failure_code", models.CharField(blank=True, max_length=24)),
            (
                "failure_detail",
                models.TextField(blank=True, help_text="for the operator; the creator reads failure_text"),
            ),
            ("duration_ms", models.PositiveBigIntegerField(null=True)),
            ("width", models.PositiveIntegerField(null=True)),
            ("height", models.PositiveIntegerField(null=True)),
            ("has_audio", models.BooleanField(default=False)),
            ("has_video", models.BooleanField(default=False)),
            ("output", models.CharField(blank=True, max_length=80)),
            ("has_poster", models.BooleanField(default=False)),
            ("posters_count", models.PositiveSmallIntegerField(default=0)),
            ("poster_number", models.PositiveSmallIntegerField(default=1)),
            ("has_storyboard", models.BooleanField(default=False)),
            ("loudness_lufs", models.FloatField(null=True)),
            ("peak_db", models.FloatField(null=True)),
            ("gain_db", models.FloatField(null=True)),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("uploaded_at", models.DateTimeField(editable=False, null=True)),
            ("ready_at", models.DateTimeField(editable=False, null=True)),
            ("failed_at", models.DateTimeField(editable=False, null=True)),
            (
                "made_for",
                models.OneToOneField(
                    editable=False,
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="being_remade",
                    to="videos.video",
                ),
            ),
            (
                "owner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="videos", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"ordering": ["-created_at"]},
    ),
    migrations.AddField(
        model_name="upload",
        name="video",
        field=models.OneToOneField(
            on_delete=django.db.models.deletion.CASCADE, related_name="upload", to="videos.video"
        ),
    ),
    migrations.AddField(
        model_name="twinprint",
        name="video",
        field=models.OneToOneField(
            on_delete=django.db.models.deletion.CASCADE, related_name="twin_print", to="videos.video"
        ),
    ),
    migrations.CreateModel(
        name="Transcription",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            ("language", models.CharField(max_length=12)),
            ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "outcome",
                models.CharField(
                    blank=True,
                    choices=[
                        ("draft", "Captions made by machine, to be checked"),
                        ("nothing_said", "The machine heard no words"),
                        ("not_needed", "Captions came from elsewhere meanwhile"),
                        ("failed", "The machine could not do it"),
                    ],
                    max_length=12,
                ),
            ),
            (
                "asked_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "video",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="transcriptions", to="videos.video"
                ),
            ),
        ],
        options={"ordering": ["-asked_at"]},
    ),
    migrations.CreateModel(
        name="Replacement",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("old_asset", models.UUIDField()),
            ("new_asset", models.UUIDField()),
            ("old_name", models.CharField(max_length=200)),
            ("new_name", models.CharField(max_length=200)),
            ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("given_up_at", models.DateTimeField(null=True)),
            ("carried_out_at", models.DateTimeField(null=True)),
            (
                "shift_ms",
                models.BigIntegerField(default=0, help_text="by how much everything begins later than in the old film"),
            ),
            ("old_length_ms", models.PositiveBigIntegerField(default=0)),
            ("new_length_ms", models.PositiveBigIntegerField(default=0)),
            (
                "keeps_watched",
                models.BooleanField(default=False, help_text="what learners watched of the old film still counts"),
            ),
            (
                "dropped",
                models.PositiveIntegerField(default=0, help_text="cues and chapters that had no place in the new film"),
            ),
            (
                "begun_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "new",
                models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="replaces", to="videos.video"
                ),
            ),
            (
                "old",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="replacements",
                    to="videos.video",
                ),
            ),
        ],
        options={"ordering": ["-begun_at"]},
    ),
    migrations.CreateModel(
        name="Rendition",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("name", models.CharField(help_text="folder of its segments, as v720 or a128", max_length=12)),
            ("kind", models.CharField(choices=[("video", "Picture"), ("audio", "Sound")], max_length=5)),
            ("width", models.PositiveIntegerField(default=0)),
            ("height", models.PositiveIntegerField(default=0)),
            ("fps", models.FloatField(default=0)),
            ("bitrate", models.PositiveIntegerField(help_text="aimed at, bits a second")),
            ("size", models.PositiveBigIntegerField(default=0, help_text="bytes of all its segments")),
            ("position", models.PositiveSmallIntegerField(default=0)),
            (
                "state",
                models.CharField(
                    choices=[("waiting", "Waiting"), ("encoding", "Converting"), ("ready", "Ready")],
                    default="waiting",
                    max_length=8,
                ),
            ),
            ("percent", models.PositiveSmallIntegerField(default=0)),
            (
                "video",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="renditions", to="videos.video"
                ),
            ),
        ],
        options={"ordering": ["position"]},
    ),
    migrations.CreateModel(
        name="RemadeFilm",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("film_name", models.CharField(max_length=200)),
            (
                "outcome",
                models.CharField(
                    blank=True,
                    choices=[("made", "Made anew"), ("failed", "Failed"), ("skipped", "Left out")],
                    max_length=7,
                ),
            ),
            ("code", models.CharField(blank=True, max_length=24)),
            ("detail", models.TextField(blank=True)),
            ("begun_at", models.DateTimeField(null=True)),
            ("ended_at", models.DateTimeField(null=True)),
            (
                "remaking",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="items", to="videos.remaking"
                ),
            ),
            (
                "film",
                models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="remakings", to="videos.video"
                ),
            ),
        ],
        options={"ordering": ["id"]},
    ),
    migrations.CreateModel(
        name="PutAway",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "video",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE, related_name="put_away", to="videos.video"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Excerpt",
        fields=[
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
            ("asset", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("key", models.CharField(max_length=120)),
            ("name", models.CharField(max_length=120)),
            ("page", models.CharField(max_length=200)),
            ("start_ms", models.PositiveBigIntegerField()),
            ("end_ms", models.PositiveBigIntegerField()),
            (
                "shape",
                models.CharField(choices=[("vertical", "vertical"), ("horizontal", "horizontal")], max_length=10),
            ),
            ("fit", models.CharField(choices=[("crop", "crop"), ("bars", "bars")], max_length=4)),
            ("center", models.PositiveSmallIntegerField(default=500)),
            (
                "state",
                models.CharField(
                    choices=[
                        ("waiting", "Waiting"),
                        ("cutting", "Being cut"),
                        ("ready", "Ready"),
                        ("failed", "Failed"),
                        ("cancelled", "Stopped"),
                    ],
                    default="waiting",
                    max_length=9,
                ),
            ),
            ("percent", models.PositiveSmallIntegerField(default=0)),
            ("output", models.CharField(blank=True, max_length=80)),
            ("width", models.PositiveIntegerField(null=True)),
            ("height", models.PositiveIntegerField(null=True)),
            (
                "rungs",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.PositiveSmallIntegerField(), default=list, size=None
                ),
            ),
            ("has_sound", models.BooleanField(default=False)),
            ("failure_code", models.CharField(blank=True, max_length=24)),
            (
                "failure_detail",
                models.TextField(blank=True, help_text="for the operator; the creator reads failure_text"),
            ),
            ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("ready_at", models.DateTimeField(null=True)),
            ("failed_at", models.DateTimeField(null=True)),
            (
                "asked_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "video",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="excerpts", to="videos.video"
                ),
            ),
        ],
        options={"ordering": ["-asked_at"]},
    ),
    migrations.CreateModel(
        name="Chapter",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("start_ms", models.PositiveBigIntegerField()),
            ("title", models.CharField(max_length=80)),
            (
                "video",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="chapters", to="videos.video"
                ),
            ),
        ],
        options={"ordering": ["start_ms"]},
    ),
    migrations.CreateModel(
        name="Caption",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("language", models.CharField(max_length=12)),
            ("label", models.CharField(max_length=60)),
            ("webvtt", models.TextField()),
            ("cues_count", models.PositiveIntegerField()),
            ("revision", models.PositiveIntegerField(default=1)),
            ("changed_at", models.DateTimeField(auto_now=True)),
            ("is_machine_made", models.BooleanField(db_default=False, default=False)),
            ("is_draft", models.BooleanField(db_default=False, default=False)),
            (
                "video",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="captions", to="videos.video"
                ),
            ),
        ],
        options={"ordering": ["language"]},
    ),
    migrations.CreateModel(
        name="VideoChunk",
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
                "lost",
                models.PositiveSmallIntegerField(
                    db_default=0, default=0, editable=False, help_text="attempts whose worker was not heard of again"
                ),
            ),
            (
                "kind",
                models.CharField(
                    choices=[("preview", "First look"), ("picture", "Picture"), ("sound", "Sound")], max_length=8
                ),
            ),
            ("number", models.PositiveIntegerField(default=0)),
            ("rungs", models.JSONField(default=list)),
            ("length_s", models.FloatField()),
            ("weight", models.FloatField(help_text="its share of the work, beside the others of its film")),
            ("percent", models.PositiveSmallIntegerField(default=0)),
            ("output", models.CharField(blank=True, max_length=80)),
            ("told", models.JSONField(null=True)),
            ("failure_code", models.CharField(blank=True, max_length=24)),
            (
                "video",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="chunks", to="videos.video"
                ),
            ),
        ],
        options={"ordering": ["number", "kind"]},
    ),
    migrations.CreateModel(
        name="VideoFinding",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "code",
                models.CharField(
                    choices=[
                        ("small", "Small picture"),
                        ("short", "Short film"),
                        ("no_sound", "No sound"),
                        ("quiet", "Very soft"),
                        ("clipped", "Too loud"),
                        ("silence", "Silence"),
                        ("black", "Black picture"),
                        ("still", "Still picture"),
                        ("twin", "In another creator's film"),
                    ],
                    max_length=12,
                ),
            ),
            ("start_ms", models.PositiveBigIntegerField(null=True)),
            ("end_ms", models.PositiveBigIntegerField(null=True)),
            ("value", models.FloatField(null=True)),
            (
                "match",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="findings",
                    to="videos.twinmatch",
                ),
            ),
            (
                "video",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="findings", to="videos.video"
                ),
            ),
        ],
        options={"ordering": [models.OrderBy(models.F("start_ms"), nulls_first=True), "id"]},
    ),
    migrations.CreateModel(
        name="VideoHalt",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("kind", models.CharField(choices=[("pause", "Paused"), ("cancel", "Cancelled")], max_length=6)),
            ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("ended_at", models.DateTimeField(null=True)),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "ended_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "video",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="halts", to="videos.video"),
            ),
        ],
        options={"ordering": ["-at"]},
    ),
    migrations.CreateModel(
        name="ExcerptHalt",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ("ended_at", models.DateTimeField(null=True)),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "ended_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "excerpt",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="halts", to="videos.excerpt"
                ),
            ),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("ended_at", None)), fields=("excerpt",), name="one_standing_halt_an_excerpt"
                )
            ]
        },
    ),
    migrations.CreateModel(
        name="PlaceDay",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("day", models.DateField(db_index=True)),
            ("devices", models.PositiveIntegerField()),
            ("refused_devices", models.PositiveIntegerField()),
            (
                "person",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
        options={"constraints": [models.UniqueConstraint(fields=("person", "day"), name="one_place_day_a_person")]},
    ),
    migrations.AddIndex(
        model_name="remaking",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="remaking_due"
        ),
    ),
    migrations.AddConstraint(
        model_name="remaking",
        constraint=models.CheckConstraint(
            condition=models.Q(("films__in", ["rules", "missing", "list"])), name="remaking_films_known"
        ),
    ),
    migrations.AddConstraint(
        model_name="remaking",
        constraint=models.CheckConstraint(
            condition=models.Q(("reason", ""), _negated=True), name="remaking_has_a_reason"
        ),
    ),
    migrations.AddConstraint(
        model_name="remakinghalt",
        constraint=models.UniqueConstraint(
            condition=models.Q(("ended_at", None)), fields=("remaking",), name="one_standing_halt_a_remaking"
        ),
    ),
    migrations.AddIndex(
        model_name="spacegrant", index=models.Index(fields=["owner", "-granted_at"], name="space_of_owner")
    ),
    migrations.AddConstraint(
        model_name="spacegrant",
        constraint=models.CheckConstraint(condition=models.Q(("limit_bytes__gt", 0)), name="space_is_something"),
    ),
    migrations.AddConstraint(
        model_name="spacegrant",
        constraint=models.CheckConstraint(
            condition=models.Q(("reason", ""), _negated=True), name="space_is_granted_for_a_reason"
        ),
    ),
    migrations.AddIndex(model_name="twinmatch", index=models.Index(fields=["film"], name="twin_match_film")),
    migrations.AddIndex(model_name="twinmatch", index=models.Index(fields=["twin"], name="twin_match_twin")),
    migrations.AddConstraint(
        model_name="twinmatch",
        constraint=models.UniqueConstraint(
            fields=("film", "film_output", "twin", "twin_output", "film_start_ms"), name="one_row_a_twin_run"
        ),
    ),
    migrations.AddConstraint(
        model_name="twinmatch",
        constraint=models.CheckConstraint(
            condition=models.Q(("film_owner", models.F("twin_owner")), _negated=True), name="twins_of_two_creators"
        ),
    ),
    migrations.AddConstraint(
        model_name="twinmatch",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("film_end_ms__gt", models.F("film_start_ms")), ("twin_end_ms__gt", models.F("twin_start_ms"))
            ),
            name="twins_run_forward",
        ),
    ),
    migrations.AddConstraint(
        model_name="twinmatch",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("picture_s__isnull", False), ("picture_score__isnull", False)),
                models.Q(("sound_s__isnull", False), ("sound_score__isnull", False)),
                _connector="OR",
            ),
            name="twins_agree_in_something",
        ),
    ),
    migrations.AddIndex(
        model_name="coldoriginal",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="cold_original_due"
        ),
    ),
    migrations.AddConstraint(
        model_name="coldoriginal",
        constraint=models.CheckConstraint(
            condition=models.Q(("copied_at", None), models.Q(("sha256", ""), _negated=True), _connector="OR"),
            name="cold_copy_was_read_back",
        ),
    ),
    migrations.AddConstraint(
        model_name="uploadpart", constraint=models.UniqueConstraint(fields=("upload", "number"), name="one_row_a_part")
    ),
    migrations.AddConstraint(
        model_name="uploadpart",
        constraint=models.CheckConstraint(
            condition=models.Q(("number__gte", 1), ("number__lte", 10000)), name="part_number_1_to_10000"
        ),
    ),
    migrations.AddIndex(model_name="video", index=models.Index(fields=["owner", "-created_at"], name="video_of_owner")),
    migrations.AddIndex(
        model_name="video",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="video_due"
        ),
    ),
    migrations.AddConstraint(
        model_name="video",
        constraint=models.CheckConstraint(
            condition=models.Q(
                (
                    "state__in",
                    ["uploading", "uploaded", "probing", "transcoding", "paused", "cancelled", "ready", "failed"],
                )
            ),
            name="video_state_known",
        ),
    ),
    migrations.AddConstraint(
        model_name="video",
        constraint=models.CheckConstraint(condition=models.Q(("percent__lte", 100)), name="video_percent_up_to_100"),
    ),
    migrations.AddConstraint(
        model_name="video",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("state", "ready"), _negated=True),
                models.Q(
                    ("duration_ms__gt", 0),
                    ("percent", 100),
                    ("ready_at__isnull", False),
                    models.Q(("output", ""), _negated=True),
                    ("failure_code", ""),
                ),
                _connector="OR",
            ),
            name="ready_video_can_be_played",
        ),
    ),
    migrations.AddConstraint(
        model_name="video",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(
                    ("failed_at__isnull", False), ("state", "failed"), models.Q(("failure_code", ""), _negated=True)
                ),
                models.Q(models.Q(("state", "failed"), _negated=True), ("failure_code", "")),
                _connector="OR",
            ),
            name="failed_video_says_why",
        ),
    ),
    migrations.AddIndex(
        model_name="upload",
        index=models.Index(
            condition=models.Q(("aborted_at", None), ("completed_at", None)),
            fields=["expires_at"],
            name="upload_open_until",
        ),
    ),
    migrations.AddIndex(
        model_name="upload", index=models.Index(fields=["owner", "-created_at"], name="upload_of_owner")
    ),
    migrations.AddConstraint(
        model_name="upload",
        constraint=models.CheckConstraint(
            condition=models.Q(("part_size__gt", 0), ("size__gt", 0)), name="upload_has_a_size"
        ),
    ),
    migrations.AddConstraint(
        model_name="upload",
        constraint=models.CheckConstraint(
            condition=models.Q(("completed_at", None), ("aborted_at", None), _connector="OR"),
            name="upload_ends_in_one_way",
        ),
    ),
    migrations.AddIndex(
        model_name="twinprint",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="twin_print_due"
        ),
    ),
    migrations.AddIndex(
        model_name="transcription",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="transcription_due"
        ),
    ),
    migrations.AddConstraint(
        model_name="transcription",
        constraint=models.UniqueConstraint(
            condition=models.Q(("dead_at", None), ("finished_at", None)),
            fields=("video",),
            name="one_open_transcription_a_film",
        ),
    ),
    migrations.AddConstraint(
        model_name="transcription",
        constraint=models.CheckConstraint(
            condition=models.Q(("outcome__in", ["", "draft", "nothing_said", "not_needed", "failed"])),
            name="transcription_outcome_known",
        ),
    ),
    migrations.AddIndex(
        model_name="replacement",
        index=models.Index(
            condition=models.Q(("carried_out_at__isnull", False)), fields=["new_asset"], name="replacement_into"
        ),
    ),
    migrations.AddConstraint(
        model_name="replacement",
        constraint=models.UniqueConstraint(
            condition=models.Q(("carried_out_at", None), ("given_up_at", None)),
            fields=("old",),
            name="one_open_replacement_a_film",
        ),
    ),
    migrations.AddConstraint(
        model_name="replacement",
        constraint=models.CheckConstraint(
            condition=models.Q(("carried_out_at", None), ("given_up_at", None), _connector="OR"),
            name="replacement_ends_in_one_way",
        ),
    ),
    migrations.AddConstraint(
        model_name="replacement",
        constraint=models.CheckConstraint(
            condition=models.Q(("old_asset", models.F("new_asset")), _negated=True), name="replacement_of_another_film"
        ),
    ),
    migrations.AddConstraint(
        model_name="rendition",
        constraint=models.UniqueConstraint(fields=("video", "name"), name="one_rendition_a_rung"),
    ),
    migrations.AddConstraint(
        model_name="rendition",
        constraint=models.CheckConstraint(
            condition=models.Q(("percent__lte", 100)), name="rendition_percent_up_to_100"
        ),
    ),
    migrations.AddConstraint(
        model_name="remadefilm",
        constraint=models.UniqueConstraint(
            condition=models.Q(("outcome", "")), fields=("film",), name="one_open_remaking_a_film"
        ),
    ),
    migrations.AddConstraint(
        model_name="remadefilm",
        constraint=models.UniqueConstraint(fields=("remaking", "film"), name="film_once_a_remaking"),
    ),
    migrations.AddConstraint(
        model_name="remadefilm",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("ended_at", None), ("outcome", "")),
                models.Q(models.Q(("outcome", ""), _negated=True), ("ended_at__isnull", False)),
                _connector="OR",
            ),
            name="remade_film_ends_at_a_time",
        ),
    ),
    migrations.AddIndex(
        model_name="excerpt",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="excerpt_due"
        ),
    ),
    migrations.AddConstraint(
        model_name="excerpt", constraint=models.UniqueConstraint(fields=("video", "key"), name="one_excerpt_a_key")
    ),
    migrations.AddConstraint(
        model_name="excerpt",
        constraint=models.CheckConstraint(
            condition=models.Q(("end_ms__gt", models.F("start_ms"))), name="excerpt_has_a_length"
        ),
    ),
    migrations.AddConstraint(
        model_name="excerpt",
        constraint=models.CheckConstraint(
            condition=models.Q(("state__in", ["waiting", "cutting", "ready", "failed", "cancelled"])),
            name="excerpt_state_known",
        ),
    ),
    migrations.AddConstraint(
        model_name="excerpt",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("center__lte", 1000), ("fit__in", ["crop", "bars"]), ("shape__in", ["vertical", "horizontal"])
            ),
            name="excerpt_framing_known",
        ),
    ),
    migrations.AddConstraint(
        model_name="excerpt",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("state", "ready"), _negated=True),
                models.Q(
                    ("percent", 100),
                    ("ready_at__isnull", False),
                    ("width__gt", 0),
                    models.Q(("output", ""), _negated=True),
                ),
                _connector="OR",
            ),
            name="ready_excerpt_can_be_played",
        ),
    ),
    migrations.AddConstraint(
        model_name="excerpt",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(
                    ("failed_at__isnull", False), ("state", "failed"), models.Q(("failure_code", ""), _negated=True)
                ),
                models.Q(models.Q(("state", "failed"), _negated=True), ("failure_code", "")),
                _connector="OR",
            ),
            name="failed_excerpt_says_why",
        ),
    ),
    migrations.AddConstraint(
        model_name="chapter",
        constraint=models.UniqueConstraint(fields=("video", "start_ms"), name="one_chapter_a_moment"),
    ),
    migrations.AddIndex(model_name="caption", index=models.Index(fields=["changed_at"], name="caption_changed")),
    migrations.AddConstraint(
        model_name="caption",
        constraint=models.UniqueConstraint(fields=("video", "language"), name="one_caption_a_language"),
    ),
    migrations.AddIndex(
        model_name="videochunk",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="video_chunk_due"
        ),
    ),
    migrations.AddConstraint(
        model_name="videochunk",
        constraint=models.UniqueConstraint(fields=("video", "kind", "number"), name="one_chunk_a_place"),
    ),
    migrations.AddConstraint(
        model_name="videochunk",
        constraint=models.CheckConstraint(condition=models.Q(("percent__lte", 100)), name="chunk_percent_up_to_100"),
    ),
    migrations.AddConstraint(
        model_name="videochunk",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("finished_at", None),
                models.Q(("failure_code", ""), _negated=True),
                models.Q(models.Q(("output", ""), _negated=True), ("told__isnull", False)),
                _connector="OR",
            ),
            name="made_chunk_has_files",
        ),
    ),
    migrations.AddConstraint(
        model_name="videohalt",
        constraint=models.UniqueConstraint(
            condition=models.Q(("ended_at", None)), fields=("video",), name="one_standing_halt_a_video"
        ),
    ),
    migrations.AddConstraint(
        model_name="videohalt",
        constraint=models.CheckConstraint(
            condition=models.Q(("kind__in", ["pause", "cancel"])), name="halt_kind_known"
        ),
    ),
    migrations.AddConstraint(
        model_name="videohalt",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("ended_at", None), ("ended_by", None)), ("ended_at__isnull", False), _connector="OR"
            ),
            name="ended_halt_has_a_time",
        ),
    ),
]


class Migration(migrations.Migration):
    initial = True

    # The files of before that this one stands for (decision 105). Each that follows stands for one of its own, so that a
    # migration of an empty database that was cut short goes on where it was.
    replaces = [
        ("videos", name)
        for name in [
            "0001_initial",
            "0002_work_rounds",
            "0003_chapters",
            "0004_findings",
            "0005_posters",
            "0006_upload_store",
            "0007_caption_changed",
            "0008_chunks",
            "0009_twins",
            "0010_cold_originals",
            "0011_replacements",
            "0013_machine_captions",
            "0014_place_days",
            "0015_excerpts",
            "0016_lost_workers",
            "0017_space",
            "0018_put_away",
            "0019_made_anew",
        ]
    ]

    dependencies = [("accounts", "0001_tables"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [Tables(TABLES)]
