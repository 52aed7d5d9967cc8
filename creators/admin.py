from django.contrib import admin

from marketplace.lib.admin import ReadOnlyAdmin

from .models import Creator, Institution, Invitation, Membership, Suspension, Verification


@admin.register(Creator)
class CreatorAdmin(ReadOnlyAdmin):
    list_display = ["name", "slug", "user", "country", "since", "suspended_at"]
    list_select_related = ["user"]
    search_fields = ["name", "slug", "user__email"]


admin.site.register([Suspension, Institution, Membership, Invitation, Verification], ReadOnlyAdmin)
