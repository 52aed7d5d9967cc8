"""One click in a mail: nothing more of questions and answers, or again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.unsubscribing import reader_of
from community.models import QuestionMailStop
from community.notices import QUESTION_MAILS


# Mail programs post here by themselves (RFC 8058): the signed address is the whole authority, and it can do no more.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def question_mails(request: HttpRequest, token: str) -> HttpResponse:
    reader = reader_of(token, QUESTION_MAILS)
    if request.method == "POST":
        QuestionMailStop.objects.choose(reader, wants="again" in request.POST)
    return render(request, "community/question_mails.html", {"wants": QuestionMailStop.objects.wants(reader)})
