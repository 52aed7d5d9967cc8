"""One click in a mail: no more of them, or again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.unsubscribing import reader_of
from learners import change_mails as mails
from learners.models import ChangeMailStop


# Mail programs post here by themselves (RFC 8058): the signed address is the whole authority, and it can do no more.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def change_mails(request: HttpRequest, token: str) -> HttpResponse:
    reader = reader_of(token, mails.KIND)
    if request.method == "POST":
        ChangeMailStop.objects.choose(reader, wants="again" in request.POST)
    return render(request, "learners/change_mails.html", {"wants": ChangeMailStop.objects.wants(reader)})
