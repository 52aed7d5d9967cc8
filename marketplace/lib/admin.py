"""Data pages of rows that change by their own verbs only: to be read there, never to be edited."""

from django.contrib import admin


class ReadOnly:
    """For admins and their inlines: nothing is added, changed or deleted there."""

    def has_add_permission(self, request: object, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    """A plain list of such rows. What a row calls itself may name others: they come in the same statement."""

    list_select_related: bool | list[str] | tuple[str, ...] = True
