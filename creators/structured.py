"""What a search engine may say about who offers courses, in schema.org's words."""

from typing import Any

from marketplace.lib import links

from .models import Creator, Institution

# What it is in schema.org's words; what is no place of learning is an organization.
_KINDS = {Institution.Kind.SCHOOL: "EducationalOrganization", Institution.Kind.UNIVERSITY: "CollegeOrUniversity"}


def creator_named(creator: Creator) -> dict[str, Any]:
    """schema.org/Person, as other things name her."""
    return {"@type": "Person", "name": creator.name, "url": links.absolute(creator.get_absolute_url())}


def institution_named(institution: Institution) -> dict[str, Any]:
    """schema.org/Organization, as other things name it. Its domain is what was verified: only for the verified."""
    return {
        "@type": _KINDS.get(Institution.Kind(institution.kind), "Organization"),
        "name": institution.name,
        "url": links.absolute(institution.get_absolute_url()),
        "sameAs": f"https://{institution.domain}/",
    }


def creator_data(creator: Creator) -> dict[str, Any]:
    """schema.org/ProfilePage of a creator."""
    told = {"description": creator.headline} if creator.headline else {}
    if creator.portrait:
        told["image"] = links.absolute(creator.portrait.url)
    return _profile({**creator_named(creator), **told}, creator.since.isoformat())


def institution_data(institution: Institution) -> dict[str, Any]:
    """schema.org/ProfilePage of a verified institution."""
    told = {"description": institution.about[:300]} if institution.about else {}
    return _profile({**institution_named(institution), **told}, institution.started_at.isoformat())


def _profile(entity: dict[str, Any], since: str) -> dict[str, Any]:
    page = {"@context": "https://schema.org", "@type": "ProfilePage", "url": entity["url"], "dateCreated": since}
    return page | {"mainEntity": entity}
