"""Settings of the API and of the document that describes it: none of them comes from the environment."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PARSER_CLASSES": [
        "marketplace.lib.rest.Json",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_PAGINATION_CLASS": "marketplace.lib.rest.Cursor",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_THROTTLE_RATES": {"sign_up": "20/hour", "log_in": "30/minute", "rule_comments": "20/hour"},
    "EXCEPTION_HANDLER": "marketplace.refusals.problem_details",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Kezhan API",
    "DESCRIPTION": "Everything that the pages of Kezhan do, for programs. Errors are application/problem+json.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "CourseLanguageEnum": "courses.models.course.Language.choices",
        "CourseLevelEnum": "courses.models.course.Level.choices",
        "SkillLevelEnum": "courses.models.skill.SkillLevel.choices",
        "VersionStateEnum": "courses.models.version.Version.State",
        "InstitutionRoleEnum": "creators.models.institution.Membership.Role",
        "LessonKindEnum": "courses.models.lesson.Lesson.Kind",
        "RoleEnum": "payments.models.income_month.Role",
        "StaffRoleEnum": "accounts.models.user.RoleGrant.Role",
        "SaleStateEnum": "payments.incomes.sales.SaleState",
        "CouponKindEnum": "payments.models.coupon.Coupon.Kind",
        "ReferralKindEnum": "payments.models.referral.Referral.Kind",
        "DecisionVerdictEnum": "courses.models.review.Decision.Verdict",
        "RevocationCauseEnum": "learners.models.certificate.CertificateRevocation.Cause",
        "MeasureCauseEnum": "moderation.models.measure.Measure.Cause",
        "CommunityVerdictEnum": "moderation.models.community.Verdict",
        "RightsVerdictEnum": "moderation.api.rights.VERDICTS",
        "AppealVerdictEnum": "moderation.models.appeal.AppealAnswer.Verdict",
        "RightsClaimStateEnum": "moderation.models.RightsClaim.State",
        "SkipReasonEnum": "payments.models.skip_reason.SkipReason.choices",
        "RefundKindEnum": ["whole", "part", "none"],
        "RefundReasonEnum": "payments.refund_serializers.REASONS",
        "OrderStateEnum": "payments.models.order.Order.State",
        "InstitutionKindEnum": "creators.models.institution.Institution.Kind",
        "VerificationVerdictEnum": "creators.models.verification.Verification.Verdict",
        "PostKindEnum": "community.models.post.Post.Kind",
        "PayoutAccountStateEnum": "payments.models.payout_account.PayoutAccount.State",
    },
}
