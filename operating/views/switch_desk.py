"""Where administrators turn what the site offers on and off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import role_required
from marketplace.lib.errors import DomainError
from operating import switches as turned
from operating.models import SwitchTurn
from operating.switch_forms import ON, TurnForm

TURNS_SHOWN = 50


@role_required("admin")
@require_safe
def switches(request: HttpRequest) -> HttpResponse:
    return _page(request)


@role_required("admin", confirmed=True)
@require_POST
def turn_switch(request: HttpRequest, code: str) -> HttpResponse:
    switch, form = turned.switch_or_404(code), TurnForm(request.POST)
    if not form.is_valid():
        return _page(request, code, form)
    try:
        row = SwitchTurn.objects.turn(
            switch, form.cleaned_data["to"] == ON, by=request.user, why=form.cleaned_data["why"]
        )
    except DomainError as refused:
        form.add_error(None, str(refused))
        return _page(request, code, form)
    done = _("“%(name)s” is on.") if row.is_on else _("“%(name)s” is off.")
    messages.success(request, done % {"name": switch.name})
    return redirect("operating:switches")


def _page(request: HttpRequest, code: str = "", form: TurnForm | None = None) -> HttpResponse:
    context = {
        "standing": turned.standing(),
        "turns": SwitchTurn.objects.select_related("by")[:TURNS_SHOWN],
        "wrong": {code: form} if form else {},
    }
    return render(request, "operating/switches.html", context, status=422 if form else 200)
