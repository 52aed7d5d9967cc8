"""The shapes of a claim, of what its sides say, and of a verdict."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from courses import file_types
from moderation.models import RightsStep
from moderation.models.rights_claim import MOST_MB

from .verdicts import Income, Verdict


class ClaimForm(forms.Form):
    """Who says that what is shown is whose work, and how that can be seen."""

    holder = forms.CharField(
        label=_("Who holds the rights"), max_length=200, help_text=_("Your name, or whom you act for.")
    )
    work = forms.CharField(label=_("The original work"), max_length=300, help_text=_("Title, year, where it appeared."))
    proof = forms.CharField(
        label=_("What is copied, and how you prove that it is yours"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("Name lessons and seconds. The creator reads this if the claim is admitted."),
    )
    proof_url = forms.URLField(
        label=_("Address of the original"), max_length=500, required=False, assume_scheme="https"
    )
    upload = forms.FileField(
        label=_("A file that proves it"),
        required=False,
        help_text=_("A contract, a registration, a page: up to 20 MB."),
    )
    is_good_faith = forms.BooleanField(
        label=_(
            "I say this in good faith: I hold the rights or act for who holds them, what I wrote is true, and I know "
            "that wrong claims are counted."
        )
    )

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload is not None:
            try:
                file_types.checked(upload, (), MOST_MB)
            except ValidationError as error:
                # It names the field of another form.
                raise ValidationError(error.messages) from None
        return upload


class AnswerForm(forms.Form):
    """What one side says to the other and to the moderator."""

    text = forms.CharField(label=_("In your words"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))


class WithdrawForm(forms.Form):
    text = forms.CharField(label=_("Why"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=[
            (kind.value, kind.label)
            for kind in (RightsStep.Kind.UPHOLD, RightsStep.Kind.REJECT, RightsStep.Kind.SETTLE)
        ],
        widget=forms.RadioSelect,
    )
    hides = forms.BooleanField(
        label=_("Take it away: the course off the sale, or the lesson out of sight"),
        required=False,
        help_text=_("Only with an upheld claim. Without it what is shown stays as it is."),
    )
    income = forms.ChoiceField(
        label=_("What becomes of the income in escrow"),
        choices=Income.choices,
        required=False,
        initial=Income.CLAIMANT,
        widget=forms.RadioSelect,
        help_text=_("Only with an upheld claim; else it goes back to the creator."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Both sides read this, and so does everybody in the public log: name the place, and no person."),
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("hides") and told.get("verdict") != RightsStep.Kind.UPHOLD:
            raise ValidationError(_("What is taken from the creator needs an upheld claim."))
        return told

    @property
    def wanted(self) -> Verdict:
        """Only of a form that is valid."""
        told = self.cleaned_data
        return Verdict(told["verdict"], told["reason"], told["hides"], told["income"] or Income.CLAIMANT)

    @staticmethod
    def carried(data: QueryDict) -> list[tuple[str, str]]:
        """What the confirmation posts again."""
        names = ("verdict", "hides", "income", "reason")
        return [(name, value) for name in names for value in data.getlist(name)]
