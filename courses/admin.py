from django.contrib import admin

from accounts.admin_site import RecordedAdmin
from marketplace.lib.admin import ReadOnlyAdmin

from .models import Category, Course, Decision, PriceChange, Submission, Takedown


@admin.register(Category)
class CategoryAdmin(RecordedAdmin):
    list_display = ["slug", "name_en", "name_zh", "position"]
    list_editable = ["position"]


@admin.register(Course)
class CourseAdmin(ReadOnlyAdmin):
    list_display = ["title", "creator", "price_minor", "currency", "published_at", "is_taken_down", "learners_count"]
    list_select_related = ["creator"]
    search_fields = ["title", "slug", "creator__name"]


admin.site.register([Submission, Decision, Takedown, PriceChange], ReadOnlyAdmin)
