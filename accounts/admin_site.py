"""Django's data pages behind the door of staff: for administrators, with an audit row for each change."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.forms.models import model_to_dict
from django.http import HttpRequest

from . import acts, audit


class Site(admin.AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return acts.admit(request, "admin")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """What other packages bring along would be edited without a trace (a second factor, say): it is not shown."""
        if not str(getattr(admin_class, "__module__", "")).startswith(("allauth.", "django.")):
            super().register(model_or_iterable, admin_class, **options)


class RecordedAdmin(admin.ModelAdmin):
    """Rows that may be edited by hand. What was found and what was left goes into the audit log; nothing is deleted."""

    def has_delete_permission(self, request: Any, obj: object = None) -> bool:
        return False

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        names = list(form.changed_data)
        found = self.model._default_manager.filter(pk=obj.pk).first() if change else None
        super().save_model(request, obj, form, change)
        facts = {"after": _plain(obj, names)} | ({"before": _plain(found, names)} if found else {})
        audit.record(request.user, "admin.change" if change else "admin.add", obj, **facts)


def _plain(row: Any, names: Iterable[str]) -> dict[str, Any]:
    told = model_to_dict(row, fields=list(names))
    return {name: value if isinstance(value, int | str | bool | None) else str(value) for name, value in told.items()}
