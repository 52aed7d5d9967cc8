"""A certificate as an Open Badges 3.0 credential: a JSON Web Token that checks without us.

It is made when its holder asks, with the key of the day, and kept nowhere: it may carry her name. What was downloaded
before stays what it was; whether it was revoked since, the status list says.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import jwt
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from learners.models import Certificate
from marketplace.lib import links
from marketplace.lib.errors import DomainError

from . import keys, status_list

CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]


class CertificateRevoked(DomainError):
    code = "certificate_revoked"
    message = _("This certificate was revoked, so nothing more is signed for it.")


def signed(certificate: Certificate) -> str:
    """The token. `certificate` is of `Certificate.objects.shown()`. Raises NoCredentialKey, CertificateRevoked."""
    if certificate.is_revoked:
        raise CertificateRevoked
    told = credential(certificate)
    return sign({
        **told, "iss": told["issuer"]["id"], "jti": told["id"], "sub": told["credentialSubject"]["id"],
        "nbf": int(certificate.issued_at.timestamp()),
    })  # fmt: skip


def sign(payload: dict[str, Any]) -> str:
    """The payload as a token of the site's. Raises NoCredentialKey."""
    key = keys.signing_key()
    name = keys.key_name(keys.public_half(key))
    return jwt.encode(payload, key, algorithm="ES256", headers={"kid": name})


def credential(certificate: Certificate) -> dict[str, Any]:
    """What is signed, in words of the standard."""
    address = links.absolute(certificate.get_absolute_url())
    subject: dict[str, Any] = {
        "id": certificate.subject.urn, "type": ["AchievementSubject"], "achievement": _achievement(certificate),
    }  # fmt: skip
    if certificate.name:
        subject["identifier"] = [
            {"type": "IdentityObject", "hashed": False, "identityHash": certificate.name, "identityType": "name"}
        ]
    return {
        "@context": CONTEXT, "id": address, "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": certificate.version.title, "issuer": keys.issuer(), "validFrom": moment(certificate.issued_at),
        "credentialSubject": subject, "evidence": [_evidence(certificate), *_quizzes(certificate)],
        "credentialStatus": status_list.entry(certificate),
    }  # fmt: skip


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _achievement(certificate: Certificate) -> dict[str, Any]:
    version, course = certificate.version, certificate.course
    return {
        "id": links.absolute(reverse("courses:detail", args=[course.slug])), "type": ["Achievement"],
        "achievementType": "Course", "name": version.title, "version": str(version.number),
        "description": version.subtitle or version.title, "inLanguage": version.language,
        "criteria": {"narrative": certificate.evidence["rule"]},
        "creator": {"id": links.absolute(reverse("creators:detail", args=[course.creator.slug])), "type": ["Profile"],
                    "name": course.creator.name},
    }  # fmt: skip


def _evidence(certificate: Certificate) -> dict[str, Any]:
    told = certificate.evidence
    return {
        "type": ["Evidence"], "name": "Verified watching",
        "description": f"{told['watched_s']} of {told['length_s']} seconds, {len(told['lessons'])} lessons",
        "narrative": f"sha256:{digest(told)}",
    }  # fmt: skip


def _quizzes(certificate: Certificate) -> list[dict[str, Any]]:
    return [
        {
            "type": ["Evidence"], "name": f"Quiz passed: {quiz.title}", "genre": "Quiz",
            "description": f"{quiz.percent} percent in attempt {quiz.attempt} on {quiz.passed_on.isoformat()}",
        }
        for quiz in certificate.quizzes_passed
    ]  # fmt: skip


def digest(evidence: dict[str, Any]) -> str:
    """Over the evidence as it is kept, so that it can be laid open later and compared."""
    plain = json.dumps(evidence, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()
