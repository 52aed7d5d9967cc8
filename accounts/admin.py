from django.contrib import admin
from django.http import HttpRequest

from marketplace.lib.admin import ReadOnlyAdmin

from .admin_site import RecordedAdmin
from .models import AuditEvent, RoleGrant, User


@admin.register(User)
class UserAdmin(RecordedAdmin):
    list_display = ["email", "name", "language", "joined_at", "is_active"]
    search_fields = ["email", "name"]
    fields = ["email", "name", "language", "time_zone", "currency", "is_active"]
    readonly_fields = ["email"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """An account begins with its person's own sign-up: one of these pages would have no address."""
        return False


admin.site.register([RoleGrant, AuditEvent], ReadOnlyAdmin)
