from django.contrib import admin

from marketplace.lib.admin import ReadOnlyAdmin

from .admin_site import RecordedAdmin
from .models import AuditEvent, RoleGrant, User


@admin.register(User)
class UserAdmin(RecordedAdmin):
    list_display = ["email", "name", "language", "joined_at", "is_active"]
    search_fields = ["email", "name"]
    fields = ["email", "name", "language", "time_zone", "currency", "is_active"]
    readonly_fields = ["email"]


admin.site.register([RoleGrant, AuditEvent], ReadOnlyAdmin)
