"""The API's root: each app adds its own addresses below /api/v1/."""

from django.urls import include, path

from marketplace import api_docs

urlpatterns = [
    path("schema/", api_docs.Schema.as_view(), name="api-schema"),
    path("docs/", api_docs.docs, name="api-docs"),
    path("", include("accounts.api")),
    path("", include("operating.api")),
    path("", include("creators.api")),
    path("", include("videos.api")),
    path("", include("videos.caption_api")),
    path("", include("videos.remaking_api")),
    path("", include("discovery.api")),
    path("", include("courses.api")),
    path("", include("learners.api")),
    path("", include("payments.api")),
    path("", include("community.api")),
    path("", include("community.question_api")),
    path("moderation/", include("moderation.api")),
    path("", include("moderation.api.public")),
]
