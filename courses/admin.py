from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin_site import RecordedAdmin
from marketplace.lib.admin import ReadOnlyAdmin

from .models import (
    Category,
    CollectionEdition,
    Course,
    Decision,
    Path,
    PathClosure,
    PathDecision,
    PriceChange,
    Skill,
    Submission,
    Takedown,
)


@admin.register(Category)
class CategoryAdmin(RecordedAdmin):
    list_display = ["slug", "name_en", "name_zh", "position", "is_fast_moving"]
    list_editable = ["position", "is_fast_moving"]


@admin.register(Skill)
class SkillAdmin(admin.ModelAdmin):
    """Written and retired here, never deleted; each change stands in the audit log."""

    list_display = ["slug", "name_en", "name_zh", "category", "position", "retired_at"]
    list_filter = ["category"]
    list_select_related = ["category"]
    search_fields = ["slug", "name_en", "name_zh"]

    def get_readonly_fields(self, request: HttpRequest, obj: Skill | None = None) -> list[str]:
        # Others link to it.
        return ["slug"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Skill, form: Any, change: bool) -> None:
        Skill.objects.curate(obj, by=request.user)  # type: ignore[arg-type]


@admin.register(Course)
class CourseAdmin(ReadOnlyAdmin):
    list_display = ["title", "creator", "price_minor", "currency", "published_at", "is_taken_down", "learners_count"]
    list_select_related = ["creator"]
    search_fields = ["title", "slug", "creator__name"]


admin.site.register(
    [Submission, Decision, Takedown, PriceChange, Path, PathDecision, PathClosure, CollectionEdition], ReadOnlyAdmin
)
