"""Doors of the API: who may come in."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class HasRole(BasePermission):
    """`HasRole.of("finance")` admits people who hold that role."""

    role = ""

    @classmethod
    def of(cls, role: str) -> type["HasRole"]:
        return type(f"Has{role.title()}Role", (cls,), {"role": role})

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user.is_authenticated and request.user.has_role(self.role))
