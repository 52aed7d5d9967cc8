"""Drawn pictures in the shape of a file that somebody sent."""

from django.core.files.uploadedfile import SimpleUploadedFile


def as_upload(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/webp")
