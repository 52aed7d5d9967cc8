"""Doors of the API: who may come in."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from . import acts


class HasRole(BasePermission):
    """`HasRole.of("finance")` admits people who hold that role."""

    role = ""
    commits_itself = False
    confirmed = False

    @classmethod
    def of(cls, role: str, *, commits_itself: bool = False, confirmed: bool = False) -> type["HasRole"]:
        """`confirmed`: for dangerous acts, see `acts.admit`."""
        facts = {"role": role, "commits_itself": commits_itself, "confirmed": confirmed}
        return type(f"Has{role.title()}Role", (cls,), facts)

    def has_permission(self, request: Request, view: Any) -> bool:
        return acts.admit(request, self.role, commits_itself=self.commits_itself, confirmed=self.confirmed)
