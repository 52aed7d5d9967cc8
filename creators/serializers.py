"""The shape of creators in the API."""

from rest_framework import serializers

from .models import Creator, Institution, Verification


class ProofSerializer(serializers.ModelSerializer):
    """What the badge stands on."""

    class Meta:
        model = Verification
        fields = ["checked", "link", "at"]
        read_only_fields = fields


class CreatorInstitutionSerializer(serializers.ModelSerializer):
    """A verified institution under whose name the creator offers courses, as a member."""

    proof = ProofSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Institution
        fields = ["slug", "name", "proof"]
        read_only_fields = fields


class CreatorSerializer(serializers.ModelSerializer):
    portrait = serializers.ImageField(read_only=True, use_url=True)
    institutions = CreatorInstitutionSerializer(many=True, read_only=True)

    class Meta:
        model = Creator
        fields = ["slug", "name", "headline", "bio", "portrait", "since", "institutions"]
        read_only_fields = fields


class CreatorChangesSerializer(serializers.ModelSerializer):
    """`portrait` is a picture (JPEG, PNG or WebP), sent as multipart/form-data; all else may be sent as JSON."""

    portrait = serializers.FileField(required=False, allow_null=True, write_only=True)

    class Meta:
        model = Creator
        fields = ["name", "headline", "bio", "portrait", "country"]
