"""Data pages of what the operator decided, for reading: it is decided on pages of its own."""

from marketplace.lib.admin import show

from .models import Agreement, Look, MailWords, PageShowing, PageVersion, SwitchTurn

show(PageVersion, "page number title_en title_zh by at why", search="page__slug title_en title_zh")
show(PageShowing, "page version in_foot place by at why", search="page__slug")
show(SwitchTurn, "code number is_on by at why", filters="code")
show(Look, "number name_en name_zh accent language by at why")
show(MailWords, "kind language number by at why", search="kind", filters="language")
show(Agreement, "person version act subject language at", search="person__name subject", filters="act language")
