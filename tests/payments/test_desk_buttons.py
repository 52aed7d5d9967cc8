"""Forms of the payout desk that say yes and no: Enter in the field for a refusal's reason must not say yes."""

import re
from pathlib import Path

from django.conf import settings

# What Enter presses is the first button of a form (HTML, implicit submission).
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)


def test_no_comes_first_where_a_form_says_both() -> None:
    text = Path(settings.BASE_DIR, "templates/payments/payout_desk.html").read_text()
    both = [form for form in FORM.findall(text) if form.count("<button") > 1 and "button--danger" in form]
    refusals = [form for form in both if "Withdraw" not in form]  # there the first one only settles a remark
    assert len(refusals) == 4
    for form in refusals:
        assert "button--danger" in form[form.index("<button") :].split(">")[0], form[:200]
