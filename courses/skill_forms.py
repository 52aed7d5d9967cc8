"""The shape of what a creator says that her course teaches."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models import Skill, SkillLevel, Version
from .models.skill import MOST_TAUGHT


class SkillsForm(forms.Form):
    """As many pairs of a skill and a level as a course may teach; empty ones do not count."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, version: Version) -> None:
        taught = list(version.skills.all())
        known = Skill.objects.known()
        had = {row.skill_id for row in taught}
        offered = [skill for skill in known if skill.retired_at is None or skill.pk in had]
        initial = {}
        for at, row in enumerate(taught):
            initial |= {f"skill_{at}": str(row.skill_id), f"level_{at}": str(row.level)}
        super().__init__(data, initial=initial)
        self.known = {str(skill.pk): skill for skill in offered}
        for at in range(MOST_TAUGHT):
            label = {"number": at + 1}
            self.fields[f"skill_{at}"] = forms.ChoiceField(
                label=_("Skill %(number)s") % label, choices=_by_shelf(offered), required=False
            )
            self.fields[f"level_{at}"] = forms.TypedChoiceField(
                label=_("Level of skill %(number)s") % label, choices=SkillLevel.choices, required=False,
                coerce=int, empty_value=None, initial=SkillLevel.BASIC,
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"skill_{at}"], self[f"level_{at}"]) for at in range(MOST_TAUGHT)]

    @property
    def taught(self) -> dict[Skill, int]:
        cleaned = self.cleaned_data
        pairs = [(cleaned[f"skill_{at}"], cleaned[f"level_{at}"]) for at in range(MOST_TAUGHT)]
        return {self.known[pk]: level or SkillLevel.BASIC for pk, level in pairs if pk}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = [value for name, value in cleaned.items() if name.startswith("skill_") and value]
        if len(chosen) != len(set(chosen)):
            raise ValidationError(_("A skill stands here twice."))
        return cleaned


def _by_shelf(skills: list[Skill]) -> list[Any]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for skill in skills:
        groups.setdefault(skill.category.name, []).append((str(skill.pk), skill.name))
    return [("", _("No skill")), *groups.items()]
