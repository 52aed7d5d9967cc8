"""The tables, as the models say them. What the models cannot say follows in the files behind this one."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from marketplace.lib.tables import Tables

TABLES = [
    migrations.CreateModel(
        name="Post",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("lesson_key", models.UUIDField()),
            ("at_s", models.PositiveIntegerField(null=True)),
            ("asset", models.UUIDField(help_text="the film that was shown", null=True)),
            (
                "kind",
                models.CharField(
                    choices=[("question", "Question"), ("answer", "Answer"), ("comment", "Comment")], max_length=8
                ),
            ),
            ("title", models.CharField(blank=True, max_length=160)),
            ("text", models.TextField(blank=True, max_length=8000)),
            ("plain", models.TextField(blank=True, editable=False)),
            ("is_named", models.BooleanField(default=True)),
            ("is_by_creator", models.BooleanField(default=False)),
            ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("said_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("revision", models.PositiveSmallIntegerField(default=0)),
            ("is_hidden", models.BooleanField(default=False)),
            ("votes_count", models.PositiveIntegerField(default=0)),
            ("answers_count", models.PositiveIntegerField(default=0)),
            ("answered_at", models.DateTimeField(null=True)),
            ("told_at", models.DateTimeField(null=True)),
            (
                "accepted",
                models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="community.post"
                ),
            ),
            (
                "author",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "course",
                models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.course"),
            ),
            (
                "parent",
                models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="community.post"
                ),
            ),
            (
                "question",
                models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="community.post"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Acceptance",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("number", models.PositiveSmallIntegerField()),
            ("chosen_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "chosen_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "answer",
                models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="community.post"
                ),
            ),
            (
                "question",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="acceptances", to="community.post"
                ),
            ),
        ],
        options={"ordering": ["number"]},
    ),
    migrations.CreateModel(
        name="PostHiding",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("rule_code", models.CharField(max_length=40)),
            ("rule_version", models.PositiveSmallIntegerField()),
            ("reason", models.TextField(max_length=2000)),
            ("lifted_at", models.DateTimeField(blank=True, null=True)),
            ("lift_reason", models.TextField(blank=True, max_length=2000)),
            ("hidden_at", models.DateTimeField(default=django.utils.timezone.now)),
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
            (
                "post",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="hidings", to="community.post"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="PostRevision",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("number", models.PositiveSmallIntegerField()),
            ("title", models.CharField(blank=True, max_length=160)),
            ("text", models.TextField(blank=True)),
            ("is_named", models.BooleanField()),
            ("said_at", models.DateTimeField()),
            (
                "post",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="revisions", to="community.post"
                ),
            ),
        ],
        options={"ordering": ["number"]},
    ),
    migrations.CreateModel(
        name="PostVote",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("voted_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "post",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="votes", to="community.post"
                ),
            ),
            (
                "voter",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="QuestionFollow",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("since", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "person",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "question",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="follows", to="community.post"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="QuestionMailStop",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("stopped_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("ended_at", models.DateTimeField(null=True)),
            (
                "person",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="QuestionNotice",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("told_until", models.DateTimeField()),
            ("mailed_at", models.DateTimeField()),
            (
                "creator",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="creators.creator"),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Rating",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("stars", models.PositiveSmallIntegerField()),
            ("content", models.PositiveSmallIntegerField(null=True)),
            ("clarity", models.PositiveSmallIntegerField(null=True)),
            ("practice", models.PositiveSmallIntegerField(null=True)),
            ("text", models.TextField(blank=True, max_length=4000)),
            ("is_named", models.BooleanField(default=True)),
            ("learned", models.PositiveSmallIntegerField()),
            ("is_apart", models.BooleanField(default=False)),
            ("first_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("said_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("revision", models.PositiveSmallIntegerField(default=0)),
            ("is_hidden", models.BooleanField(db_default=False, default=False)),
            ("helpful_count", models.PositiveIntegerField(default=0)),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="ratings", to="courses.course"
                ),
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
        name="HelpfulVote",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("voted_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "voter",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "rating",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="votes", to="community.rating"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="RatingHiding",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("rule_code", models.CharField(max_length=40)),
            ("rule_version", models.PositiveSmallIntegerField()),
            ("reason", models.TextField(max_length=2000)),
            ("lifted_at", models.DateTimeField(blank=True, null=True)),
            ("lift_reason", models.TextField(blank=True, max_length=2000)),
            ("hidden_at", models.DateTimeField(default=django.utils.timezone.now)),
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
            (
                "rating",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="hidings", to="community.rating"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="RatingNotice",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("told_until", models.DateTimeField()),
            ("mailed_at", models.DateTimeField()),
            (
                "creator",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="creators.creator"),
            ),
        ],
    ),
    migrations.CreateModel(
        name="RatingPrior",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("counts", django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
            ("reckoned_at", models.DateTimeField()),
            (
                "category",
                models.OneToOneField(
                    null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.category"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="RatingReply",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("number", models.PositiveSmallIntegerField()),
            ("text", models.TextField(blank=True, max_length=2000)),
            ("said_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "rating",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="community.rating"
                ),
            ),
            (
                "said_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"ordering": ["number"]},
    ),
    migrations.CreateModel(
        name="RatingRevision",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("number", models.PositiveSmallIntegerField()),
            ("stars", models.PositiveSmallIntegerField()),
            ("content", models.PositiveSmallIntegerField(null=True)),
            ("clarity", models.PositiveSmallIntegerField(null=True)),
            ("practice", models.PositiveSmallIntegerField(null=True)),
            ("text", models.TextField(blank=True)),
            ("is_named", models.BooleanField(db_default=True, default=True)),
            ("learned", models.PositiveSmallIntegerField()),
            ("is_apart", models.BooleanField(db_default=False, default=False)),
            ("said_at", models.DateTimeField()),
            (
                "rating",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="revisions", to="community.rating"
                ),
            ),
        ],
        options={"ordering": ["number"]},
    ),
    migrations.AddIndex(
        model_name="post",
        index=models.Index(
            models.F("course"),
            models.OrderBy(models.F("votes_count"), descending=True),
            models.OrderBy(models.F("id"), descending=True),
            condition=models.Q(("is_hidden", False), ("kind", "question")),
            name="question_voted",
        ),
    ),
    migrations.AddIndex(
        model_name="post",
        index=models.Index(
            models.F("course"),
            models.OrderBy(models.F("written_at"), descending=True),
            models.OrderBy(models.F("id"), descending=True),
            condition=models.Q(("is_hidden", False), ("kind", "question")),
            name="question_newest",
        ),
    ),
    migrations.AddIndex(
        model_name="post",
        index=models.Index(
            models.F("lesson_key"),
            models.OrderBy(models.F("votes_count"), descending=True),
            models.OrderBy(models.F("id"), descending=True),
            condition=models.Q(("is_hidden", False), ("kind", "question")),
            name="question_of_lesson_voted",
        ),
    ),
    migrations.AddIndex(
        model_name="post",
        index=models.Index(
            models.F("lesson_key"),
            models.OrderBy(models.F("written_at"), descending=True),
            models.OrderBy(models.F("id"), descending=True),
            condition=models.Q(("is_hidden", False), ("kind", "question")),
            name="question_of_lesson_newest",
        ),
    ),
    migrations.AddIndex(
        model_name="post",
        index=models.Index(
            condition=models.Q(("accepted", None), ("answered_at", None), ("is_hidden", False), ("kind", "question")),
            fields=["course", "written_at", "id"],
            name="question_waiting",
        ),
    ),
    migrations.AddIndex(
        model_name="post",
        index=models.Index(condition=models.Q(("kind", "question")), fields=["written_at"], name="question_asked_at"),
    ),
    migrations.AddIndex(
        model_name="post",
        index=models.Index(
            models.F("question"),
            models.OrderBy(models.F("votes_count"), descending=True),
            models.OrderBy(models.F("id"), descending=True),
            condition=models.Q(("kind", "answer")),
            name="answer_voted",
        ),
    ),
    migrations.AddIndex(
        model_name="post",
        index=models.Index(condition=models.Q(("kind", "comment")), fields=["parent", "id"], name="comment_in_order"),
    ),
    migrations.AddIndex(model_name="post", index=models.Index(fields=["author", "written_at"], name="post_of_author")),
    migrations.AddIndex(
        model_name="post",
        index=models.Index(
            condition=models.Q(("told_at", None), models.Q(("kind", "question"), _negated=True)),
            fields=["written_at", "id"],
            name="post_to_be_told",
        ),
    ),
    migrations.AddConstraint(
        model_name="post",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(
                    ("kind", "question"), ("parent", None), ("question", None), models.Q(("title", ""), _negated=True)
                ),
                models.Q(("kind", "answer"), ("parent", None), ("question__isnull", False), ("title", "")),
                models.Q(("kind", "comment"), ("parent__isnull", False), ("question__isnull", False), ("title", "")),
                _connector="OR",
            ),
            name="a_post_knows_its_place",
        ),
    ),
    migrations.AddConstraint(
        model_name="post",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("kind", "question"),
                models.Q(("accepted", None), ("answered_at", None), ("answers_count", 0), ("at_s", None)),
                _connector="OR",
            ),
            name="a_question_alone_is_answered",
        ),
    ),
    migrations.AddConstraint(
        model_name="post",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("asset", None), ("at_s", None)),
                models.Q(("asset__isnull", False), ("at_s__lte", 86400)),
                _connector="OR",
            ),
            name="a_second_is_of_a_film",
        ),
    ),
    migrations.AddConstraint(
        model_name="acceptance",
        constraint=models.UniqueConstraint(fields=("question", "number"), name="acceptance_number"),
    ),
    migrations.AddConstraint(
        model_name="posthiding",
        constraint=models.UniqueConstraint(
            condition=models.Q(("lifted_at", None)), fields=("post",), name="one_open_hiding_a_post"
        ),
    ),
    migrations.AddConstraint(
        model_name="postrevision",
        constraint=models.UniqueConstraint(fields=("post", "number"), name="post_revision_number"),
    ),
    migrations.AddConstraint(
        model_name="postvote", constraint=models.UniqueConstraint(fields=("post", "voter"), name="one_vote_a_post")
    ),
    migrations.AddConstraint(
        model_name="questionfollow",
        constraint=models.UniqueConstraint(fields=("question", "person"), name="one_follow_a_question"),
    ),
    migrations.AddConstraint(
        model_name="questionmailstop",
        constraint=models.UniqueConstraint(
            condition=models.Q(("ended_at", None)), fields=("person",), name="one_open_question_mail_stop"
        ),
    ),
    migrations.AddIndex(
        model_name="questionnotice",
        index=models.Index(fields=["creator", "-told_until"], name="question_notice_of_creator"),
    ),
    migrations.AddIndex(
        model_name="rating",
        index=models.Index(
            models.F("course"),
            models.OrderBy(models.F("helpful_count"), descending=True),
            models.OrderBy(models.F("id"), descending=True),
            name="rating_helpful",
        ),
    ),
    migrations.AddIndex(
        model_name="rating",
        index=models.Index(
            models.F("course"),
            models.OrderBy(models.F("said_at"), descending=True),
            models.OrderBy(models.F("id"), descending=True),
            name="rating_newest",
        ),
    ),
    migrations.AddIndex(model_name="rating", index=models.Index(fields=["learner"], name="rating_of_learner")),
    migrations.AddIndex(model_name="rating", index=models.Index(fields=["said_at"], name="rating_said_at")),
    migrations.AddIndex(model_name="rating", index=models.Index(fields=["first_at"], name="rating_first_at")),
    migrations.AddConstraint(
        model_name="rating",
        constraint=models.UniqueConstraint(fields=("course", "learner"), name="one_rating_a_course"),
    ),
    migrations.AddConstraint(
        model_name="rating",
        constraint=models.CheckConstraint(condition=models.Q(("stars__range", (1, 5))), name="one_to_five_stars"),
    ),
    migrations.AddConstraint(
        model_name="rating",
        constraint=models.CheckConstraint(
            condition=models.Q(("content", None), ("content__range", (1, 5)), _connector="OR"),
            name="rating_of_content_in_stars",
        ),
    ),
    migrations.AddConstraint(
        model_name="rating",
        constraint=models.CheckConstraint(
            condition=models.Q(("clarity", None), ("clarity__range", (1, 5)), _connector="OR"),
            name="rating_of_clarity_in_stars",
        ),
    ),
    migrations.AddConstraint(
        model_name="rating",
        constraint=models.CheckConstraint(
            condition=models.Q(("practice", None), ("practice__range", (1, 5)), _connector="OR"),
            name="rating_of_practice_in_stars",
        ),
    ),
    migrations.AddConstraint(
        model_name="rating",
        constraint=models.CheckConstraint(
            condition=models.Q(("learned__range", (10, 100))), name="a_rater_has_seen_a_tenth"
        ),
    ),
    migrations.AddConstraint(
        model_name="helpfulvote",
        constraint=models.UniqueConstraint(fields=("rating", "voter"), name="one_vote_a_rating"),
    ),
    migrations.AddConstraint(
        model_name="ratinghiding",
        constraint=models.UniqueConstraint(
            condition=models.Q(("lifted_at", None)), fields=("rating",), name="one_open_hiding_a_rating"
        ),
    ),
    migrations.AddIndex(
        model_name="ratingnotice",
        index=models.Index(fields=["creator", "-told_until"], name="rating_notice_of_creator"),
    ),
    migrations.AddConstraint(
        model_name="ratingreply",
        constraint=models.UniqueConstraint(fields=("rating", "number"), name="rating_reply_number"),
    ),
    migrations.AddConstraint(
        model_name="ratingrevision",
        constraint=models.UniqueConstraint(fields=("rating", "number"), name="rating_revision_number"),
    ),
]


class Migration(migrations.Migration):
    initial = True

    # The files of before that this one stands for (decision 105). Each that follows stands for one of its own, so that a
    # migration of an empty database that was cut short goes on where it was.
    replaces = [
        ("community", name)
        for name in [
            "0001_ratings",
            "0003_hidings",
            "0004_whole_revisions",
            "0005_posts",
            "0006_posts_hold",
            "0007_hidden_is_not_chosen",
        ]
    ]

    dependencies = [
        ("courses", "0001_tables"),
        ("creators", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [Tables(TABLES)]
