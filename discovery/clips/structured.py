"""What a search engine may say about a clip, in schema.org's words."""

from typing import Any

from django.urls import reverse

from marketplace.lib import links

from .feed import Card


def clip_data(card: Card) -> dict[str, Any]:
    """schema.org/VideoObject, part of its course. Its files have addresses that stay."""
    clip, film = card.clip, card.playing

    def file(name: str) -> str:
        return links.absolute(reverse("discovery:clip_file", args=[clip.key, name]))

    return {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": clip.title,
        "description": clip.line or clip.course.subtitle or clip.course.title,
        "inLanguage": clip.language,
        "url": links.absolute(clip.get_absolute_url()),
        "thumbnailUrl": [file("poster.jpg")],
        "contentUrl": file("film.mp4"),
        "uploadDate": clip.published_at.isoformat() if clip.published_at else "",
        "duration": f"PT{round(film.seconds)}S",
        "width": film.width,
        "height": film.height,
        "isFamilyFriendly": True,
        "isPartOf": {
            "@type": "Course",
            "name": clip.course.title,
            "url": links.absolute(clip.course.get_absolute_url()),
        },
        "creator": {
            "@type": "Person",
            "name": clip.course.creator.name,
            "url": links.absolute(clip.course.creator.get_absolute_url()),
        },
    }
