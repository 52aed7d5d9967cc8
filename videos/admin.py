from django.contrib import admin

from marketplace.lib.admin import ReadOnly, ReadOnlyAdmin

from .models import Caption, Rendition, Upload, Video


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
