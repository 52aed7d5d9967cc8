"""Words of mails over the API, for administrators."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError as Invalid
from django.http import Http404
from django.urls import path
from django.utils import translation
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import HasRole
from operating import mail_kinds, mail_words
from operating.models import MailWords


class MailKindSerializer(serializers.Serializer):
    kind = serializers.CharField()
    subject = serializers.CharField()
    changed_in = serializers.ListField(
        child=serializers.CharField(), help_text="Languages that have words of their own."
    )


class SentenceSerializer(serializers.Serializer):
    key = serializers.CharField()
    original = serializers.CharField(help_text="In the mail's language, with its places in braces.")
    own = serializers.CharField(allow_null=True)
    places = serializers.ListField(child=serializers.CharField())
    needed = serializers.ListField(child=serializers.CharField())


class OneMailSerializer(serializers.Serializer):
    kind = serializers.CharField()
    language = serializers.CharField()
    number = serializers.IntegerField(help_text="Of the last change; 0: none.")
    sentences = SentenceSerializer(many=True)
    subject = serializers.CharField(help_text="With samples in its places.")
    text = serializers.CharField()


class WriteMailSerializer(serializers.Serializer):
    words = serializers.DictField(
        child=serializers.CharField(allow_blank=False, max_length=mail_kinds.LONGEST),
        help_text="Other words by the sentence's key. Sentences that are left out are as they come.",
    )
    why = serializers.CharField(max_length=300)
    seen = serializers.IntegerField(min_value=0)


class Mails(APIView):
    permission_classes = [HasRole.of("admin")]

    @extend_schema(operation_id="staff_mails_list", responses=MailKindSerializer(many=True), summary="Kinds of mails")
    def get(self, request: Request) -> Response:
        changed = mail_words.changed()
        rows = [
            {"kind": kind, "subject": mail_kinds.subject(kind),
             "changed_in": [code for code, _name in settings.LANGUAGES if (kind, code) in changed]}
            for kind in mail_kinds.kinds()
        ]  # fmt: skip
        return Response(MailKindSerializer(rows, many=True).data)


class OneMail(APIView):
    permission_classes = [HasRole.of("admin", confirmed=True)]

    @extend_schema(operation_id="staff_mails_read", responses=OneMailSerializer, summary="A mail, sentence by sentence")
    def get(self, request: Request, language: str, kind: str) -> Response:
        return Response(_told(*_known(language, kind)))

    @extend_schema(operation_id="staff_mails_write", request=WriteMailSerializer, responses=OneMailSerializer)
    def post(self, request: Request, language: str, kind: str) -> Response:
        """All other words of the mail; {} for none. 403 `confirmation_needed`, 409 `mail_edited_elsewhere`; 400 names
        the sentences whose words do not fit.
        """
        language, kind = _known(language, kind)
        sent = WriteMailSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            MailWords.objects.write(kind, language, **sent.validated_data, by=request.user)
        except Invalid as error:
            raise ValidationError({"words": error.message_dict}) from None
        return Response(_told(language, kind))


def _known(language: str, kind: str) -> tuple[str, str]:
    if language not in dict(settings.LANGUAGES):
        raise Http404
    return language, mail_kinds.kind_or_404(kind)


def _told(language: str, kind: str) -> dict[str, Any]:
    present = MailWords.objects.present(kind, language)
    with translation.override(language):
        words = mail_kinds.fitting(kind, present.words) if present else {}
        sentences = [
            {"key": each.sentence.key, "original": each.sentence.original, "own": words.get(each.sentence.key),
             "places": list(each.sentence.places), "needed": each.sentence.needed}
            for each in mail_kinds.said(kind)
        ]  # fmt: skip
    subject, text = mail_words.preview(kind, language, words)
    told = {"kind": kind, "language": language, "number": present.number if present else 0, "sentences": sentences}
    return dict(OneMailSerializer(told | {"subject": subject, "text": text}).data)


urlpatterns = [
    path("staff/mails/", Mails.as_view(), name="api-mails"),
    path("staff/mails/<str:language>/<path:kind>/", OneMail.as_view(), name="api-mail"),
]
