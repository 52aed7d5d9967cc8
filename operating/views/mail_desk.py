"""Where administrators put other words into mails."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.doors import role_required
from marketplace.lib.errors import DomainError
from operating import mail_kinds, mail_words
from operating.mail_forms import MailForm, field_of
from operating.models import MailWords

LANGUAGES = dict(settings.LANGUAGES)


@role_required("admin")
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    changed = mail_words.changed()
    rows = [
        {
            "kind": kind,
            "subject": mail_kinds.subject(kind),
            "words": {code: changed.get((kind, code)) for code in LANGUAGES},
        }
        for kind in mail_kinds.kinds()
    ]
    return render(request, "operating/mails.html", {"rows": rows, "languages": LANGUAGES})


@role_required("admin", confirmed=True)
def edit_mail(request: HttpRequest, language: str, kind: str) -> HttpResponse:
    if language not in LANGUAGES:
        raise Http404
    present = MailWords.objects.present(mail_kinds.kind_or_404(kind), language)
    with translation.override(language):
        form = MailForm(kind, request.POST or None, initial=_initial(present))
    context: dict[str, Any] = {"kind": kind, "language": language, "form": form, "present": present}
    if form.is_valid() and _is_done(request, form, language, context):
        return redirect("operating:edit_mail", language, kind)
    return _page(request, context)


def _is_done(request: HttpRequest, form: MailForm, language: str, context: dict[str, Any]) -> bool:
    """Keeps the words, sends them to whoever wrote them, or lets her look at them first: then it is not done."""
    kind, told = form.kind, form.cleaned_data
    try:
        if "try" in request.POST or "send" in request.POST:
            with translation.override(language):
                mail_kinds.must_fit(kind, form.words)
            context["words"] = form.words
            if "send" in request.POST:
                mail_words.send_to(request.user, kind, language, form.words)
                messages.success(request, _("It is on its way to %(address)s.") % {"address": request.user.email})
            return False
        words = {} if "original" in request.POST else form.words
        if not told["why"]:
            form.add_error("why", _("Say why, for the record."))
            return False
        MailWords.objects.write(kind, language, words, by=request.user, why=told["why"], seen=told["seen"])
        messages.success(request, _("Saved. Mails from now on have these words."))
        return True
    except ValidationError as error:
        form.blame(error.message_dict)
    except DomainError as refused:
        form.add_error(None, str(refused))
    return False


def _initial(present: MailWords | None) -> dict[str, Any]:
    words = present.words if present else {}
    return {"seen": present.number if present else 0} | {field_of(key): text for key, text in words.items()}


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    kind, language, present = context["kind"], context["language"], context["present"]
    words = context.get("words")
    if words is None:
        words = mail_kinds.fitting(kind, present.words) if present else {}
    subject, text = mail_words.preview(kind, language, words)
    versions = MailWords.objects.filter(kind=kind, language=language).select_related("by")[:50]
    context |= {"subject": subject, "text": text, "versions": versions, "languages": LANGUAGES}
    context |= {"name": mail_kinds.subject(kind), "is_changed": bool(present and present.words)}
    status = 422 if context["form"].errors else 200
    return render(request, "operating/edit_mail.html", context, status=status)
