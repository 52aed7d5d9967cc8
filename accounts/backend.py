"""Who asks: allauth's log-in; the row of the person comes with what every page shows of her."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from .models import User
from .models.notice import unread_of


class Backend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        """As Django's, with the number of unread notices in the same statement: no page asks a query more for it."""
        user = User.objects.filter(pk=user_id).annotate(unread_now=unread_of()).first()
        return user if user and self.user_can_authenticate(user) else None
