"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from courses.views import pictures
from marketplace import health, metrics
from operating.views import look_desk

urlpatterns = [
    path("healthz", health.live, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    # What visitors open most is found first.
    path("", include("courses.urls")),
    path("", include("discovery.urls")),
    path("accounts/", include("allauth.urls")),
    path("account/", include("accounts.urls")),
    path("notices/", include("accounts.notice_urls")),
    path("staff/", include("accounts.staff_urls")),
    path("staff/", include("operating.staff_urls")),
    path("pages/", include("operating.urls")),
    path("look-<int:number>-<slug:digest>.css", look_desk.stylesheet, name="look"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", include("marketplace.api")),
    path("moderation/", include("moderation.urls")),
    path("rules/", include("moderation.rule_urls")),
    path("report-card/", include("moderation.report_card_urls")),
    path("reports/", include("moderation.report_urls")),
    path("rights/", include("moderation.rights_urls")),
    path("community-review/", include("moderation.community_urls")),
    path("", include("creators.institution_urls")),
    path("studio/", include("courses.studio_urls")),
    path("", include("creators.urls")),
    path("", include("videos.urls")),
    path("", include("learners.urls")),
    path("paths/", include("learners.path_urls")),
    path("", include("payments.urls")),
    path("", include("community.urls")),
    path("admin/", admin.site.urls),
    # Covers and portraits; in production nginx answers before us where everybody may see them.
    path("media/<path:path>", pictures.media, name="media"),
]
if settings.DEBUG:
    from marketplace.style_page import style

    urlpatterns.append(path("style/", style, name="style"))
