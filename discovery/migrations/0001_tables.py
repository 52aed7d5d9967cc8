"""The tables, as the models say them. What the models cannot say follows in the files behind this one."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from marketplace.lib.tables import Tables

TABLES = [
    migrations.CreateModel(
        name="Sign",
        fields=[
            ("text", models.CharField(max_length=1, primary_key=True, serialize=False)),
            ("pinyin", models.CharField(max_length=8)),
        ],
    ),
    migrations.CreateModel(
        name="Demand",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("week", models.DateField()),
            ("words", models.CharField(max_length=80)),
            ("people", models.PositiveIntegerField()),
            ("searches", models.PositiveIntegerField()),
            ("courses", models.PositiveIntegerField()),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("week", "words"), name="one_demand_a_week_and_words"),
                models.CheckConstraint(condition=models.Q(("people__gte", 5)), name="demand_is_of_many"),
                models.CheckConstraint(
                    condition=models.Q(("searches__gte", models.F("people"))), name="each_of_them_searched"
                ),
            ]
        },
    ),
    migrations.CreateModel(
        name="Entry",
        fields=[
            (
                "course",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE,
                    primary_key=True,
                    related_name="+",
                    serialize=False,
                    to="courses.course",
                ),
            ),
            ("version_id", models.BigIntegerField()),
            ("creator_name", models.CharField(max_length=80)),
            ("course_renewed_at", models.DateTimeField(blank=True, null=True)),
            ("words", django.contrib.postgres.search.SearchVectorField()),
            (
                "facts",
                django.contrib.postgres.fields.ArrayField(
                    base_field=models.TextField(),
                    db_default=models.Value(
                        [], django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)
                    ),
                    default=list,
                    size=None,
                ),
            ),
            ("quality", models.FloatField(default=1)),
            ("tier", models.SmallIntegerField(default=5)),
            (
                "terms",
                django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
            ),
            ("is_counted", models.BooleanField(db_default=True, default=True)),
            ("indexed_at", models.DateTimeField(default=django.utils.timezone.now)),
        ],
        options={
            "verbose_name_plural": "entries",
            "indexes": [
                django.contrib.postgres.indexes.GinIndex(
                    condition=models.Q(("tier", 0)), fastupdate=False, fields=["words"], name="entry_words_0"
                ),
                django.contrib.postgres.indexes.GinIndex(
                    condition=models.Q(("tier", 1)), fastupdate=False, fields=["words"], name="entry_words_1"
                ),
                django.contrib.postgres.indexes.GinIndex(
                    condition=models.Q(("tier", 2)), fastupdate=False, fields=["words"], name="entry_words_2"
                ),
                django.contrib.postgres.indexes.GinIndex(
                    condition=models.Q(("tier", 3)), fastupdate=False, fields=["words"], name="entry_words_3"
                ),
                django.contrib.postgres.indexes.GinIndex(
                    condition=models.Q(("tier", 4)), fastupdate=False, fields=["words"], name="entry_words_4"
                ),
                django.contrib.postgres.indexes.GinIndex(
                    condition=models.Q(("tier", 5)), fastupdate=False, fields=["words"], name="entry_words_5"
                ),
                django.contrib.postgres.indexes.GinIndex(
                    condition=models.Q(("tier", 6)), fastupdate=False, fields=["words"], name="entry_words_6"
                ),
                django.contrib.postgres.indexes.GinIndex(
                    condition=models.Q(("tier", 7)), fastupdate=False, fields=["words"], name="entry_words_7"
                ),
                django.contrib.postgres.indexes.GinIndex(
                    condition=models.Q(("tier", 8)), fastupdate=False, fields=["words"], name="entry_words_8"
                ),
                models.Index(fields=["course_renewed_at"], name="entry_renewed"),
            ],
        },
    ),
    migrations.CreateModel(
        name="Links",
        fields=[
            (
                "course",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE,
                    primary_key=True,
                    related_name="+",
                    serialize=False,
                    to="courses.course",
                ),
            ),
            ("others", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
            ("weights", django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
        ],
        options={
            "verbose_name_plural": "links",
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("others__len", models.F("weights__len"))), name="each_link_has_its_weight"
                )
            ],
        },
    ),
    migrations.CreateModel(
        name="Name",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("kind", models.CharField(choices=[("creator", "Creator"), ("institution", "Institution")], max_length=12)),
            ("subject_id", models.BigIntegerField()),
            ("name", models.CharField(max_length=120)),
            ("words", django.contrib.postgres.search.SearchVectorField()),
        ],
        options={
            "indexes": [
                django.contrib.postgres.indexes.GinIndex(fields=["words"], name="name_words"),
                models.Index(django.db.models.functions.text.Lower("name"), name="name_exact"),
            ],
            "constraints": [models.UniqueConstraint(fields=("kind", "subject_id"), name="one_name_a_subject")],
        },
    ),
    migrations.CreateModel(
        name="Taste",
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
            ("uses_goals", models.BooleanField(default=True)),
            ("uses_history", models.BooleanField(default=True)),
            ("uses_follows", models.BooleanField(default=True)),
            ("uses_popularity", models.BooleanField(default=True)),
            ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("goals", models.ManyToManyField(blank=True, related_name="+", to="courses.category")),
        ],
    ),
    migrations.CreateModel(
        name="Word",
        fields=[
            ("text", models.CharField(max_length=64, primary_key=True, serialize=False)),
            ("courses", models.IntegerField(default=0)),
            ("pinyin", models.CharField(blank=True, max_length=80)),
            ("initials", models.CharField(blank=True, max_length=16)),
        ],
        options={
            "indexes": [
                django.contrib.postgres.indexes.GinIndex(
                    django.contrib.postgres.indexes.OpClass("text", "gin_trgm_ops"), name="word_parts"
                ),
                models.Index(
                    django.contrib.postgres.indexes.OpClass("text", "text_pattern_ops"), name="word_beginning"
                ),
                models.Index(
                    django.contrib.postgres.indexes.OpClass("pinyin", "text_pattern_ops"),
                    condition=models.Q(("pinyin", ""), _negated=True),
                    name="word_pinyin",
                ),
                models.Index(
                    condition=models.Q(("initials", ""), _negated=True), fields=["initials"], name="word_initials"
                ),
            ]
        },
    ),
    migrations.CreateModel(
        name="Attention",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("day", models.DateField()),
            ("looks", models.PositiveIntegerField()),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="attention", to="courses.course"
                ),
            ),
        ],
        options={
            "verbose_name_plural": "attention",
            "indexes": [models.Index(fields=["day"], name="attention_of_a_day")],
            "constraints": [
                models.UniqueConstraint(fields=("course", "day"), name="one_attention_a_course_and_day"),
                models.CheckConstraint(condition=models.Q(("looks__gt", 0)), name="attention_is_a_look"),
            ],
        },
    ),
    migrations.CreateModel(
        name="Dismissal",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("dismissed_at", models.DateTimeField(default=django.utils.timezone.now)),
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
        options={"constraints": [models.UniqueConstraint(fields=("learner", "course"), name="one_dismissal_a_course")]},
    ),
    migrations.CreateModel(
        name="Follow",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("followed_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "creator",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="creators.creator"),
            ),
            (
                "learner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"constraints": [models.UniqueConstraint(fields=("learner", "creator"), name="one_follow_a_creator")]},
    ),
    migrations.CreateModel(
        name="NewsLine",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("told_at", models.DateTimeField()),
            (
                "change",
                models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.pricechange"
                ),
            ),
            (
                "course",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.course"),
            ),
            (
                "learner",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
        options={
            "indexes": [models.Index(fields=["learner", "told_at"], name="news_of_learner")],
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("change", None)), fields=("learner", "course"), name="one_news_of_a_new_course"
                ),
                models.UniqueConstraint(fields=("learner", "change"), name="one_news_of_a_price_change"),
            ],
        },
    ),
    migrations.CreateModel(
        name="NewsStop",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "topic",
                models.CharField(
                    choices=[("new_courses", "New Courses"), ("price_drops", "Price Drops")], max_length=20
                ),
            ),
            ("stopped_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("ended_at", models.DateTimeField(null=True)),
            (
                "learner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(
                    condition=models.Q(("ended_at", None)),
                    fields=("learner", "topic"),
                    name="one_open_news_stop_a_topic",
                )
            ]
        },
    ),
    migrations.CreateModel(
        name="SavedCourse",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("price_minor", models.PositiveBigIntegerField()),
            ("currency", models.CharField(max_length=3)),
            ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "course",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.course"),
            ),
            (
                "learner",
                models.ForeignKey(
                    db_index=False,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
        options={"constraints": [models.UniqueConstraint(fields=("learner", "course"), name="one_saving_a_course")]},
    ),
    migrations.CreateModel(
        name="Spoken",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("caption_revision", models.PositiveIntegerField()),
            ("caption_changed_at", models.DateTimeField()),
            ("is_free", models.BooleanField()),
            ("words", django.contrib.postgres.search.SearchVectorField()),
            (
                "caption",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="videos.caption"),
            ),
            (
                "course",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.course"),
            ),
            (
                "lesson",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.lesson"),
            ),
        ],
        options={
            "verbose_name_plural": "spoken",
            "indexes": [
                django.contrib.postgres.indexes.GinIndex(fields=["words"], name="spoken_words"),
                models.Index(fields=["caption_changed_at"], name="spoken_changed"),
            ],
            "constraints": [
                models.UniqueConstraint(fields=("lesson", "caption"), name="one_spoken_a_lesson_and_caption")
            ],
        },
    ),
]


class Migration(migrations.Migration):
    initial = True

    # The files of before that this one stands for (decision 105). Each that follows stands for one of its own, so that a
    # migration of an empty database that was cut short goes on where it was.
    replaces = [
        ("discovery", name)
        for name in [
            "0001_initial",
            "0004_matching",
            "0005_facts",
            "0006_names",
            "0007_tiers",
            "0008_exact_names",
            "0009_saved_and_news",
            "0010_entry_is_counted",
            "0011_answers_tell_their_facets",
        ]
    ]

    dependencies = [
        ("accounts", "0001_tables"),
        ("courses", "0001_tables"),
        ("creators", "0001_tables"),
        ("videos", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [Tables(TABLES)]
