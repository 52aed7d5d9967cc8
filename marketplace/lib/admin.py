"""Data pages of rows that change by their own verbs only: to be read there, never to be edited."""

from django.contrib import admin
from django.db.models import Model


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


def show(model: type[Model], columns: str, *, search: str = "", filters: str = "", without: str = "") -> None:
    """A data page of such rows, by the names of fields. Others whom a column names come in the same statement.

    `without`: what opens a door or is for other eyes, shown neither in the list nor in the row.
    """
    names = columns.split()
    related = [name for name in names if model._meta.get_field(name).is_relation]
    admin.site.register(
        model, ReadOnlyAdmin, list_display=names, list_select_related=related or False, search_fields=search.split(),
        list_filter=filters.split(), exclude=without.split(),
    )  # fmt: skip
