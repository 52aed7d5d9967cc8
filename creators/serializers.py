"""The shape of creators in the API."""

from rest_framework import serializers

from .models import Creator


class CreatorSerializer(serializers.ModelSerializer):
    portrait = serializers.ImageField(read_only=True, use_url=True)

    class Meta:
        model = Creator
        fields = ["slug", "name", "headline", "bio", "portrait", "since"]
        read_only_fields = fields


class CreatorChangesSerializer(serializers.ModelSerializer):
    """`portrait` is a picture (JPEG, PNG or WebP), sent as multipart/form-data; all else may be sent as JSON."""

    portrait = serializers.FileField(required=False, allow_null=True, write_only=True)

    class Meta:
        model = Creator
        fields = ["name", "headline", "bio", "portrait", "country"]
