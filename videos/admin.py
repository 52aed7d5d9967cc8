from django.contrib import admin

from marketplace.lib.admin import ReadOnly, ReadOnlyAdmin

from .models import (
    Caption,
    ColdOriginal,
    PutAway,
    RemadeFilm,
    Remaking,
    Rendition,
    Replacement,
    SpaceGrant,
    Transcription,
    TwinMatch,
    Upload,
    Video,
)


class RenditionInline(ReadOnly, admin.TabularInline):
    model = Rendition
    extra = 0


class CaptionInline(ReadOnly, admin.TabularInline):
    model = Caption
    fields = ["language", "label", "cues_count", "changed_at", "is_machine_made", "is_draft"]
    readonly_fields = ["changed_at"]
    extra = 0


@admin.register(Video)
class VideoAdmin(ReadOnlyAdmin):
    list_display = ["name", "owner", "state", "percent", "failure_code", "attempts", "created_at"]
    list_filter = ["state", "failure_code"]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__email", "asset"]
    inlines = [RenditionInline, CaptionInline]


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    list_display = ["name", "owner", "size", "created_at", "completed_at", "aborted_at"]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__email"]


@admin.register(SpaceGrant)
class SpaceGrantAdmin(ReadOnlyAdmin):
    list_display = ["owner", "limit_bytes", "granted_by", "granted_at", "reason"]
    list_select_related = ["owner", "granted_by"]
    search_fields = ["owner__email"]


@admin.register(TwinMatch)
class TwinMatchAdmin(ReadOnlyAdmin):
    list_display = ["film_name", "film_owner", "twin_name", "twin_owner", "picture_score", "sound_score", "found_at"]
    list_select_related = ["film_owner", "twin_owner"]
    search_fields = ["film", "twin", "film_name", "twin_name", "film_owner__email", "twin_owner__email"]


@admin.register(ColdOriginal)
class ColdOriginalAdmin(ReadOnlyAdmin):
    list_display = ["upload", "copied_at", "moved_at", "brought_back_at", "attempts", "last_error"]
    list_select_related = ["upload"]
    search_fields = ["upload__name", "upload__owner__email"]


@admin.register(Replacement)
class ReplacementAdmin(ReadOnlyAdmin):
    list_display = ["old_name", "new_name", "begun_by", "begun_at", "carried_out_at", "given_up_at"]
    list_select_related = ["begun_by"]
    search_fields = ["old_name", "new_name", "old_asset", "new_asset"]


@admin.register(PutAway)
class PutAwayAdmin(ReadOnlyAdmin):
    list_display = ["video", "by", "at"]
    list_select_related = ["video", "by"]
    search_fields = ["video__name", "by__email"]


@admin.register(Transcription)
class TranscriptionAdmin(ReadOnlyAdmin):
    list_display = ["video", "language", "asked_by", "asked_at", "outcome", "attempts"]
    list_select_related = ["video", "asked_by"]
    list_filter = ["outcome"]


@admin.register(Remaking)
class RemakingAdmin(ReadOnlyAdmin):
    list_display = ["films", "asked_by", "asked_at", "listed_at", "finished_at", "attempts", "last_error"]
    list_select_related = ["asked_by"]


@admin.register(RemadeFilm)
class RemadeFilmAdmin(ReadOnlyAdmin):
    list_display = ["film_name", "remaking", "outcome", "code", "begun_at", "ended_at"]
    list_select_related = ["remaking"]
    list_filter = ["outcome"]
    search_fields = ["film_name"]
