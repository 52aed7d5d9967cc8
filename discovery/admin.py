"""Data pages of what search and matching reckon. What one person saved, follows or is shown is hers: not here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from marketplace.lib.admin import show

from .models import Attention, Demand, Entry, Exposure, Links, LinksReading, Newcomer, Pace, Spoken, Synonym, Word

show(Entry, "course creator_name quality tier indexed_at", search="course__slug creator_name", without="words")
show(Spoken, "lesson course caption_revision is_free", search="course__slug", without="words")
show(Links, "course", search="course__slug")
show(LinksReading, "read_at courses learners ridge is_ridge_chosen seconds")
show(Attention, "course day looks", search="course__slug")
show(Newcomer, "course published_at is_first looks had_at is_owed", search="course__slug", filters="is_owed is_first")
show(Pace, "audience owed_a_day looks_a_day reckoned_at")
show(Exposure, "day reckoned_at gini looks courses_had courses_ended", without="curve")
show(Demand, "week words people searches courses", search="words")
show(Word, "text courses pinyin", search="text")


@admin.register(Synonym)
class SynonymAdmin(admin.ModelAdmin):
    """Written and retired here, never deleted; each change stands in the audit log."""

    list_display = ["one", "other", "added_at", "retired_at"]
    search_fields = ["one", "other"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Synonym, form: Any, change: bool) -> None:
        Synonym.objects.curate(obj, by=request.user)  # type: ignore[arg-type]
