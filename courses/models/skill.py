"""Skills: what courses teach, and to which level. Staff write the list; a version of a course says what it teaches."""

from dataclasses import dataclass
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib import links, window
from marketplace.lib.beside_lists import BesideLists
from marketplace.lib.errors import NotAllowed

from .category import Category
from .version import Version

MOST_TAUGHT = 6


class SkillLevel(models.IntegerChoices):
    """How far somebody has come: with help, alone, and in the hard cases too."""

    BASIC = 1, pgettext_lazy("level of a skill", "Basic")
    WORKING = 2, pgettext_lazy("level of a skill", "Working")
    ADVANCED = 3, pgettext_lazy("level of a skill", "Advanced")


# What a level means, by its number.
LEVEL_WORDS = {
    SkillLevel.BASIC: _("knows the words and does it with a guide beside her"),
    SkillLevel.WORKING: _("does it alone in the usual cases"),
    SkillLevel.ADVANCED: _("does it in the hard cases too, and can explain why"),
}


class SkillQuerySet(models.QuerySet["Skill"]):
    def known(self) -> list["Skill"]:
        """All of them in order, remembered for seconds: every public list draws them."""
        return window.near_name("skills", lambda: list(self.select_related("category")))

    def offered(self) -> Self:
        """What courses may be said to teach from now on."""
        return self.filter(retired_at=None)

    @transaction.atomic
    def curate(self, skill: "Skill", *, by: User) -> "Skill":
        """Write a new or a changed skill; the log keeps how it was and by whom. Raises NotAllowed, ValidationError."""
        if not by.has_role("moderator"):
            raise NotAllowed
        before = self.filter(pk=skill.pk).first()
        skill.full_clean()
        skill.save()
        verb = "skill.edit" if before else "skill.add"
        audit.record(by, verb, skill, before=before.as_written() if before else None, after=skill.as_written())
        return skill


class Skill(BesideLists):
    """Something that people can do, named in both languages of the site. It is never deleted, only retired."""

    slug = models.SlugField(max_length=60, unique=True)
    name_en = models.CharField(max_length=60)
    name_zh = models.CharField(max_length=60)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="skills")
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = SkillQuerySet.as_manager()

    class Meta:
        ordering = ["category__position", "position", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name_en="") & ~Q(name_zh=""), name="a_skill_has_both_names"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return links.of_slug("courses:skill", self.slug)

    @property
    def name(self) -> str:
        return self.named(get_language() or "")

    @property
    def names(self) -> tuple[str, str]:
        return self.name_en, self.name_zh

    def named(self, language: str) -> str:
        return self.name_zh if language.startswith("zh") else self.name_en

    def as_written(self) -> dict[str, Any]:
        """For the log."""
        return {
            "slug": self.slug, "name_en": self.name_en, "name_zh": self.name_zh, "category": self.category.slug,
            "position": self.position, "retired_at": self.retired_at,
        }  # fmt: skip

    def retire(self, is_retired: bool, *, by: User) -> None:
        """No longer offered to creators; what was taught and reached stays."""
        self.retired_at = timezone.now() if is_retired else None
        Skill.objects.curate(self, by=by)


class TaughtSkillQuerySet(models.QuerySet["TaughtSkill"]):
    @transaction.atomic
    def put(self, version: Version, taught: dict[Skill, int], by: User) -> None:
        """The draft teaches just these, in this order. Raises VersionClosed, NotAllowed, ValidationError."""
        if not version.course.belongs_to(by):
            raise NotAllowed
        version.hold_open()
        if len(taught) > MOST_TAUGHT:
            raise ValidationError({"skills": _("A course teaches at most 6 skills: name those that it is about.")})
        if any(level not in SkillLevel.values for level in taught.values()):
            raise ValidationError({"skills": _("Say to which level each skill is taught.")})
        had = set(self.filter(version=version).values_list("skill_id", flat=True))
        if any(skill.retired_at and skill.pk not in had for skill in taught):
            raise ValidationError({"skills": _("One of these skills is no longer offered.")})
        self.filter(version=version).delete()
        rows = enumerate(taught.items())
        TaughtSkill.objects.bulk_create(
            TaughtSkill(version=version, skill=skill, level=level, position=at) for at, (skill, level) in rows
        )
        version._note_edit([])

    def copy_to(self, draft: Version) -> None:
        """Called by Version.copied alone."""
        rows = [TaughtSkill(version=draft, skill_id=r.skill_id, level=r.level, position=r.position) for r in self]
        TaughtSkill.objects.bulk_create(rows)

    def rows_of(self, version: str) -> ArraySubquery:
        """What the version that the field `version` names teaches, as `taught_by` reads it: for a query of its own."""
        rows = self.filter(version=OuterRef(version)).order_by("position", "pk")
        skill = {name: f"skill__{name}" for name in ("slug", "name_en", "name_zh")}
        return ArraySubquery(rows.values(row=JSONObject(skill="skill_id", level="level", **skill)))

    def taught(self) -> list["Taught"]:
        """These rows as a page shows them."""
        return [Taught(row.skill, SkillLevel(row.level)) for row in self.select_related("skill")]


class TaughtSkill(models.Model):
    """A version of a course teaches a skill to a level. With the rest of its version it is closed when submitted."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(choices=SkillLevel.choices)
    position = models.PositiveSmallIntegerField(default=0)

    objects = TaughtSkillQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "skill"], name="a_version_teaches_a_skill_once"),
            models.CheckConstraint(condition=Q(level__in=[1, 2, 3]), name="skill_level_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.skill}: {self.get_level_display()}"


@dataclass(frozen=True)
class Taught:
    """A skill as a page shows it, and to which level it is taught or known."""

    skill: Skill
    level: SkillLevel

    @property
    def level_words(self) -> Any:
        return LEVEL_WORDS[self.level]


def taught_by(rows: list[dict[str, Any]]) -> list[Taught]:
    """From `TaughtSkillQuerySet.rows_of`. The skills have their names and addresses, and nothing else."""
    return [
        Taught(
            Skill(pk=row["skill"], slug=row["slug"], name_en=row["name_en"], name_zh=row["name_zh"]),
            SkillLevel(row["level"]),
        )
        for row in rows
    ]
