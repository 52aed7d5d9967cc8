from django.contrib import admin

from marketplace.lib.admin import ReadOnly, ReadOnlyAdmin

from .models import Caption, ColdOriginal, Rendition, TwinMatch, Upload, Video


class RenditionInline(ReadOnly, admin.TabularInline):
    model = Rendition
    extra = 0


class CaptionInline(ReadOnly, admin.TabularInline):
    model = Caption
    fields = ["language", "label", "cues_count", "changed_at"]
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
