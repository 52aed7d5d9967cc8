"""Accounts over the API: sign-up, tokens, oneself."""

from allauth.account.adapter import get_adapter
from django.contrib.auth import authenticate
from django.db import transaction
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers, status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.generics import RetrieveUpdateAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from marketplace.lib import fit_words
from marketplace.lib.errors import DomainError

from . import second_factor
from .models import ApiToken, User
from .notices_api import urlpatterns as notices
from .privacy_api import urlpatterns as privacy
from .staff_api import urlpatterns as staff


class SignUpSerializer(serializers.Serializer):
    email = serializers.EmailField()
    password = serializers.CharField(trim_whitespace=False, max_length=128)
    name = serializers.CharField(max_length=80, required=False, default="")
    language = serializers.ChoiceField(choices=["en", "zh-hans"], required=False, default="en")


class CredentialsSerializer(serializers.Serializer):
    email = serializers.EmailField()
    password = serializers.CharField(trim_whitespace=False, max_length=128)
    label = serializers.CharField(max_length=80, required=False, default="API")
    code = serializers.CharField(max_length=20, required=False, default="")


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField()


class PersonSerializer(serializers.ModelSerializer):
    roles = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "email", "name", "language", "time_zone", "currency", "roles", "joined_at"]
        read_only_fields = ["id", "email", "joined_at"]

    def validate_name(self, name: str) -> str:
        if refused := fit_words.refused({"name": name}):
            raise serializers.ValidationError(refused["name"])
        return name

    def get_roles(self, person: User) -> list[str]:
        return sorted(person.roles)


class SignUpClosed(DomainError):
    code = "sign_up_closed"
    message = _("New accounts are not made here just now. Whoever has one can log in.")


class SignUp(APIView):
    """Sign up; the answer carries a token with which the new person can act at once."""

    permission_classes = [permissions.AllowAny]
    authentication_classes: list = []
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "sign_up"

    @extend_schema(request=SignUpSerializer, responses={201: TokenSerializer})
    def post(self, request: Request) -> Response:
        """Whoever signs up agrees to the site's terms, where it has published some (see `pages/`). 409
        `sign_up_closed` where nobody can make an account now.
        """
        adapter = get_adapter(request)
        if not adapter.is_open_for_signup(request):
            raise SignUpClosed
        asked = SignUpSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        with transaction.atomic():
            user = User.objects.sign_up(**asked.validated_data)
            adapter.has_signed_up(user)
        return Response({"token": ApiToken.objects.issue(user, "sign-up")}, status=status.HTTP_201_CREATED)


class Tokens(APIView):
    """Exchange e-mail and password for a token; whoever has a second factor sends its `code` too."""

    permission_classes = [permissions.AllowAny]
    authentication_classes: list = []
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "log_in"

    @extend_schema(request=CredentialsSerializer, responses={201: TokenSerializer})
    def post(self, request: Request) -> Response:
        asked = CredentialsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        label, code = asked.validated_data.pop("label"), asked.validated_data.pop("code")
        user = authenticate(request._request, **asked.validated_data)
        if user is None:
            raise AuthenticationFailed("E-mail or password is wrong.")
        if user.has_second_factor and not second_factor.shows(user, code):
            raise AuthenticationFailed("Send the present code of your second factor as `code`.")
        return Response({"token": ApiToken.objects.issue(user, label)}, status=status.HTTP_201_CREATED)


class Me(RetrieveUpdateAPIView):
    """The person that the token belongs to."""

    permission_classes = [permissions.IsAuthenticated]
    serializer_class = PersonSerializer
    http_method_names = ["get", "patch", "head", "options"]

    def get_object(self) -> User:
        return self.request.user


urlpatterns = [
    path("people/", SignUp.as_view(), name="api-sign-up"),
    path("tokens/", Tokens.as_view(), name="api-tokens"),
    path("me/", Me.as_view(), name="api-me"),
    *notices,
    *privacy,
    *staff,
]
