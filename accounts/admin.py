from django.contrib import admin

from .models import AuditEvent, RoleGrant, User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ["email", "name", "language", "joined_at", "is_active"]
    search_fields = ["email", "name"]
    fields = ["email", "name", "language", "time_zone", "currency", "is_active"]
    readonly_fields = ["email"]


@admin.register(RoleGrant, AuditEvent)
class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows of record: to be read, never to be edited."""

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False
