"""Doors of the API for creators."""

from typing import Any

from rest_framework import permissions
from rest_framework.request import Request


class IsCreator(permissions.IsAuthenticated):
    """Only who has become a creator; each sees what is her own."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return super().has_permission(request, view) and request.user.creator_or_none is not None
