#!/usr/bin/env python3
"""Checks a certificate of Kezhan (an Open Badge 3.0, a file ending in .jwt) without Kezhan.

    python kezhan_credential.py did.json credential.jwt [--status status.jwt]

Nothing but Python (3.9 or later) is needed, nothing is fetched and nothing is sent. `did.json` is the site's document
of public keys (/.well-known/did.json), `status.jwt` its list of revoked certificates (named in the credential). The
signature is checked by the arithmetic of the curve P-256 itself: a file that was changed by a single sign fails.
Exit status: 0 it holds, 1 it does not, 2 the files cannot be read at all.
"""

import base64
import binascii
import gzip
import hashlib
import json
import sys
import time

# The curve P-256 (FIPS 186-5, SEC 2): y² = x³ - 3x + B over the field of P, with a generator of order N.
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
GENERATOR = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
SIDE = 32
MOST_BYTES = 4 * 1024 * 1024


class Wrong(Exception):
    """Something is not as it was signed."""


def say(text):
    sys.stdout.write(text + "\n")


def must(truth, why):
    if not truth:
        raise Wrong(why)


# --- The curve --------------------------------------------------------------------------------------------------------


def add(one, other):
    """The sum of two points; None is the point at infinity."""
    if one is None or other is None:
        return other if one is None else one
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, P) if one == other else (y2 - y1) * pow(x2 - x1, -1, P)
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P


def times(factor, point):
    total = None
    while factor:
        if factor & 1:
            total = add(total, point)
        point = add(point, point)
        factor >>= 1
    return total


def is_on_curve(point):
    x, y = point
    return 0 <= x < P and 0 <= y < P and (y * y - (x * x * x - 3 * x + B)) % P == 0


def is_signed(message, signature, key):
    """Whether `signature` (r and s, 32 bytes each) was made over `message` with the private half of `key`."""
    if len(signature) != 2 * SIDE or not is_on_curve(key):
        return False
    r, s = int.from_bytes(signature[:SIDE], "big"), int.from_bytes(signature[SIDE:], "big")
    if not (0 < r < N and 0 < s < N):
        return False
    number = int.from_bytes(hashlib.sha256(message).digest(), "big")
    inverse = pow(s, -1, N)
    point = add(times(number * inverse % N, GENERATOR), times(r * inverse % N, key))
    return point is not None and point[0] % N == r


# --- Files ------------------------------------------------------------------------------------------------------------


def read(path):
    with open(path, "rb") as file:
        raw = file.read(MOST_BYTES + 1)
    must(len(raw) <= MOST_BYTES, f"{path}: this is no file of ours, it is too large")
    return raw


def unpacked(text):
    """Bytes of base64url as it must be written: without padding, and with no spare bits."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        raise Wrong("a part of the file is not base64url") from None
    must(base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == text, "a part of the file is written in another way")
    return raw


def parsed(raw, what):
    try:
        value = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Wrong(f"{what} cannot be read") from None
    must(isinstance(value, dict), f"{what} is of another kind")
    return value


def keys_of(document):
    """The site's name, and its public keys by name."""
    found = {}
    for method in document.get("verificationMethod", []):
        jwk = method["publicKeyJwk"]
        must(jwk["kty"] == "EC" and jwk["crv"] == "P-256", "a key of the document is of another kind")
        found[method["id"]] = tuple(int.from_bytes(unpacked(jwk[side]), "big") for side in ("x", "y"))
    trusted = document.get("assertionMethod", [])
    return document["id"], {name: key for name, key in found.items() if name in trusted}


def opened(raw, issuer, keys, what):
    """The facts of a token that the site has signed."""
    try:
        text = raw.decode("ascii").strip()
    except UnicodeDecodeError:
        raise Wrong(f"{what} is no token") from None
    must(text.count(".") == 2, f"{what} is no token")
    head, body, signature = text.split(".")
    header = parsed(unpacked(head), "its header")
    must(header.get("alg") == "ES256", f"{what} is signed in another way than ours")
    must(header.get("kid") in keys, f"{what} is signed by a key that the site does not have")
    must(is_signed(f"{head}.{body}".encode(), unpacked(signature), keys[header["kid"]]), f"{what} was changed")
    facts = parsed(unpacked(body), what)
    told = facts.get("issuer")
    must(
        facts.get("iss") == issuer and isinstance(told, dict) and told.get("id") == issuer, f"{what} is of another site"
    )
    must(facts.get("nbf", 0) <= time.time() + 300, f"{what} says that it was made in the future")
    return facts


# --- What they say ----------------------------------------------------------------------------------------------------


def must_stand(facts, issuer, keys, path):
    """Raises Wrong when the list of revoked certificates has this one, or is not its list."""
    entry = facts["credentialStatus"]
    listed = opened(read(path), issuer, keys, "the status list")
    must(listed["id"] == entry["statusListCredential"], "this is the status list of other certificates")
    subject = listed["credentialSubject"]
    must(subject["statusPurpose"] == entry["statusPurpose"] == "revocation", "the status list says something else")
    bits = gzip.decompress(unpacked(subject["encodedList"][1:]))
    place = int(entry["statusListIndex"])
    must(0 <= place < 8 * len(bits), "the status list is too short")
    must(not bits[place // 8] & (0x80 >> place % 8), "it was revoked")


def check(did_path, credential_path, status_path=None):
    """The facts of a credential that holds. Raises Wrong."""
    issuer, keys = keys_of(parsed(read(did_path), "the document of keys"))
    facts = opened(read(credential_path), issuer, keys, "the credential")
    must("OpenBadgeCredential" in facts["type"], "this is no certificate")
    if status_path is not None:
        must_stand(facts, issuer, keys, status_path)
    return facts


def tell(facts, has_status):
    subject, achievement = facts["credentialSubject"], facts["credentialSubject"]["achievement"]
    names = [one["identityHash"] for one in subject.get("identifier", [])]
    say(f"It holds. {facts['issuer']['id']} has signed it.")
    say(f"  holder   {names[0] if names else 'not named'}")
    say(f"  course   {achievement['name']}, version {achievement['version']}")
    say(f"  issued   {facts['validFrom']}")
    say(f"  address  {facts['id']}")
    say(
        "  It was not revoked when the status list was made."
        if has_status
        else "  Whether it was revoked was not asked."
    )


def main(arguments):
    status = None
    if len(arguments) == 4 and arguments[2] == "--status":
        status = arguments.pop()
        arguments.pop()
    if len(arguments) != 2:
        say(__doc__.strip())
        return 2
    try:
        tell(check(*arguments, status), status is not None)
    except OSError as error:
        say(f"Cannot be read: {error}")
        return 2
    except Wrong as error:
        say(f"It does not hold: {error}.")
        return 1
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, EOFError, gzip.BadGzipFile) as error:
        say(f"It does not hold: its facts are not of the right kind ({error}).")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
