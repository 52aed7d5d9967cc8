"""Django's data pages behind the door of staff: for administrators, with an audit row for each change.

Nobody logs in here or changes a password: Django's own pages for that ask for no second factor, count no wrong tries
and tell nobody, so who comes to them is led to the site's.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from . import acts, audit


class Site(admin.AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return acts.admit(request, "admin")

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Raises PermissionDenied for who is logged in and has nothing to do here."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("account_login"))
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect("admin:index")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_change_password")

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
