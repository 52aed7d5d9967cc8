"""What its holder does with a certificate: show or hide her name, and tell others of it."""

from django.http import QueryDict

from learners.models import Certificate
from operating import look

LINKEDIN = "https://www.linkedin.com/profile/add"


def show_name(certificate: Certificate, is_shown: bool) -> None:
    """Hidden, it stands on no page and in no new credential; what was downloaded before stays what it was."""
    holder = getattr(certificate, "holder", None)
    if holder is not None:
        holder.show(is_shown)


def linkedin(certificate: Certificate, address: str) -> str:
    """The address that opens LinkedIn's own form with the certificate filled in."""
    told = QueryDict(mutable=True)
    told.update({
        "startTask": "CERTIFICATION_NAME", "name": certificate.version.title, "organizationName": look.name(),
        "issueYear": str(certificate.issued_at.year), "issueMonth": str(certificate.issued_at.month),
        "certUrl": address, "certId": certificate.code_in_groups,
    })  # fmt: skip
    return f"{LINKEDIN}?{told.urlencode()}"
