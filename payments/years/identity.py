"""A creator gives her tax identity. Only she does; each change is another version, and is mailed to her."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from creators.models import Creator
from marketplace.lib.errors import NotAllowed

from ..models import TaxIdentity
from ..models.tax_identity import TaxDetails
from . import mails


@transaction.atomic
def give(creator: Creator, *, by: Any, details: TaxDetails) -> TaxIdentity:
    """Said again as it stands, it is the version that stands. Raises NotAllowed."""
    if by.pk != creator.user_id:
        raise NotAllowed
    standing = TaxIdentity.objects.of(creator)
    if standing is not None and standing.details == details:
        return standing
    row = TaxIdentity.objects.give(creator, by=by, details=details)
    # No word of what she said: the log is read by many.
    audit.record(by, "tax_identity.give", row)
    mails.changed(creator, timezone.now().date(), row.pk)
    return row
