"""A key that is none is said before the site opens, not when the first holder asks for her credential."""

from typing import Any

from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from .certificates import keys


@register(Tags.security)
def credential_keys_are_keys(**_kwargs: Any) -> list[Error]:
    try:
        if keys.has_key():
            keys.public_keys()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="learners.E001")]
    return []
