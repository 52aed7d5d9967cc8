"""`Authorization: Bearer kz_…` for programs."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from . import resting
from .models import ApiToken, User


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        word, _, plain = request.headers.get("Authorization", "").partition(" ")
        if word.lower() != "bearer" or not plain:
            return None
        token = ApiToken.objects.holder_of(plain.strip())
        if token is None:
            raise exceptions.AuthenticationFailed("This token is unknown or was revoked.")
        if token.user.is_staff and not token.by_second_factor:
            raise exceptions.AuthenticationFailed("This token is older than your second factor. Make a new one.")
        if resting.is_closed(token.user, request):
            raise resting.AccountRests
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
