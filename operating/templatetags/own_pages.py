"""What other pages show of the house's own pages: the foot's links, and the terms where somebody agrees to them."""

from django import template

from operating import agreements, foot

register = template.Library()


@register.simple_tag
def foot_pages() -> list[foot.Shown]:
    """Those that stand in the foot, in their order."""
    return [page for page in foot.shown() if page.in_foot]


@register.inclusion_tag("operating/_agreed.html")
def agreed_pages(act: str) -> dict[str, object]:
    """Terms and privacy, as links below a button: nothing where they are not published. `act`: sign_up, inside its
    form, or buy, beside the form `pay`.
    """
    return {"terms": foot.page("terms"), "privacy": foot.page("privacy"), "act": act, "word": agreements.word()}
