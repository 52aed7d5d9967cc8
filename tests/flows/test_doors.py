"""Every address of the site, for everybody of the cast: exactly the people of the table come in.

The objects in the addresses are Ada's (her courses, films, uploads, tokens) and Lin's (her order). Bea is a creator
too, and none of it is hers. Refused is 401, 403, 404, or being sent to log in or to become a creator first. A new
address has no row here and fails the first test: say who may come in. Beside this table stand those of tokens
(test_doors_by_token), of what a measure or a refund closes (test_doors_in_states), of Django's data pages
(test_doors_of_admin) and of the pages of log-in (test_doors_of_accounts).
"""

from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client

from tests.flows.walking import VIEWS, address, form, is_refused, knock, methods
from tests.flows.world import DUTIES, REMAKING_VIEWS, World

pytestmark = pytest.mark.usefixtures("db")

ALL = "anonymous Cole Lin Ada Bea Sam Fay"
MEMBERS = "Cole Lin Ada Bea Sam Fay"
CREATORS = "Ada Bea"
ADMIN = "Max"
NOBODY = ""
# By the view's name; "GET name" and so on says it of one method alone.
MAY: dict[str, str] = {
    **dict.fromkeys(["home", "healthz", "metrics", "set_language", "robots", "sitemap", "sitemap-part"], ALL),
    **dict.fromkeys(["feed", "feed-shelf", "feed-creator", "shared", "courses:shared"], ALL),
    **dict.fromkeys(["courses:shared_clip", "courses:shared_creator", "courses:shared_institution"], ALL),
    **dict.fromkeys(["api-schema", "api-docs", "api-sign-up", "accounts:theme"], ALL),
    **dict.fromkeys(["courses:catalogue", "courses:detail", "creators:detail"], ALL),
    **dict.fromkeys(["courses:versions", "courses:compare", "api-course-versions", "api-compare-versions"], ALL),
    **dict.fromkeys(["api-categories", "api-courses", "api-course", "GET api-creator", "api-course-refund-rule"], ALL),
    **dict.fromkeys(["courses:catalogue", "courses:detail", "courses:skills", "courses:skill", "creators:detail"], ALL),
    **dict.fromkeys(["api-categories", "api-skills", "api-courses", "api-course", "GET api-creator"], ALL),
    "api-filters": ALL,
    **dict.fromkeys(["accounts:settings", "accounts:tokens", "api-me", "creators:become", "api-creators"], MEMBERS),
    **dict.fromkeys(["discovery:search", "discovery:suggest", "api-search", "api-suggestions"], ALL),
    **dict.fromkeys(["discovery:clips", "discovery:all_clips", "discovery:clip", "discovery:clip_file"], ALL),
    **dict.fromkeys(["api-clips", "api-clip-feed", "api-clip"], ALL),
    "discovery:dismiss_clip": MEMBERS,
    "discovery:demand": CREATORS,
    **dict.fromkeys(["discovery:exposure", "api-exposure"], ALL),
    **dict.fromkeys(["discovery:for_you", "discovery:choose_taste", "discovery:dismiss", "discovery:follow"], MEMBERS),
    "discovery:choose_goals": MEMBERS,
    **dict.fromkeys(["discovery:saved", "discovery:save", "api-saved", "api-news", "api-save-course"], MEMBERS),
    **dict.fromkeys(["api-for-you", "api-taste", "api-dismissed", "api-follow"], MEMBERS),
    **dict.fromkeys(["api-dismissed-list", "api-followed-list"], MEMBERS),
    "api-tokens": ALL,
    "accounts:revoke_token": "Ada",
    "creators:edit": CREATORS,
    "api-creator": "Ada",
    # Films
    **dict.fromkeys(["api-uploads", "api-uploads-known", "api-upload-space", "api-videos"], MEMBERS),
    # People who are no creators are refused after the body is looked at: tests/videos/test_upload.py.
    **dict.fromkeys(["api-upload", "api-upload-parts", "api-upload-sign", "api-upload-complete"], "Ada"),
    **dict.fromkeys(["api-video", "api-video-retry", "api-video-captions", "api-video-caption"], "Ada"),
    **dict.fromkeys(["api-video-chapters", "api-video-playback", "api-video-poster", "api-video-noticed"], "Ada"),
    **dict.fromkeys(["videos:transcribe", "api-video-transcriptions"], "Ada"),
    **dict.fromkeys(["videos:publish_caption", "api-video-caption-publish", "api-video-caption-shift"], "Ada"),
    **dict.fromkeys(["videos:retry", "videos:put_caption", "videos:remove_caption"], "Ada"),
    **dict.fromkeys(["videos:pause", "videos:resume", "videos:cancel"], "Ada"),
    **dict.fromkeys(["api-video-pause", "api-video-resume", "api-video-cancel"], "Ada"),
    # No film of this world is being converted; who may look at one: tests/videos/test_first_look.py.
    "videos:look": NOBODY,
    **dict.fromkeys(["videos:film", "videos:put_chapters", "videos:edit_caption", "videos:choose_poster"], "Ada"),
    "videos:write_caption": "Ada",
    **dict.fromkeys(["videos:rename", "videos:remove"], "Ada"),
    # The studio
    **dict.fromkeys(["studio:courses", "studio:uploads", "studio:create", "studio:text_preview"], CREATORS),
    "api-studio-courses": CREATORS,
    **dict.fromkeys(
        [
            "studio:edit", "studio:cover", "studio:skills", "api-studio-skills", "api-studio-noticed",
            "studio:curriculum", "studio:move", "studio:add_section",
            "studio:rename_section", "studio:remove_section", "studio:add_lesson", "studio:lesson",
            "studio:attach_video", "studio:detach_video", "studio:remove_lesson", "studio:pricing", "studio:publish",
            "studio:submit", "studio:withdraw", "studio:open_draft", "studio:preview", "api-studio-course",
            "api-studio-draft", "api-studio-cover", "api-studio-price", "api-studio-readiness", "api-studio-submit",
            "api-studio-withdraw", "api-studio-sections", "api-studio-films", "api-studio-arrange",
            "learners:audience", "learners:audience_csv", "api-studio-audience", "studio:freshness", "studio:check",
            "studio:drop_check", "studio:choose_reminder", "api-studio-checks", "api-studio-drop-check",
            "api-studio-reminder",
            "api-studio-section", "api-studio-lessons", "api-studio-lesson", "api-studio-lesson-video",
            "studio:replace_film", "studio:begin_replacement", "studio:carry_out_replacement",
            "studio:give_up_replacement", "api-studio-replacement", "api-studio-carry-out", "studio:choose_watermark",
            "api-studio-watermark", "studio:clips", "studio:cut_clip", "studio:edit_clip", "studio:publish_clip",
            "studio:withdraw_clip", "studio:stop_clip", "studio:retry_clip", "studio:remove_clip", "api-studio-clips",
            "api-studio-clip", "api-studio-clip-publish", "api-studio-clip-withdraw", "api-studio-clip-stop",
            "api-studio-clip-retry",
        ],
        "Ada",
    ),
    # Quizzes, files and pictures of lessons
    **dict.fromkeys(
        [
            "studio:add_file", "studio:remove_file", "studio:add_picture", "studio:add_question", "studio:question",
            "studio:move_question", "studio:remove_question", "api-studio-quiz", "api-studio-questions",
            "api-studio-question", "api-studio-question-move", "api-studio-files", "api-studio-pictures",
            "api-studio-file", "api-item-figures", "studio:add_criterion", "studio:criterion", "studio:move_criterion",
            "studio:remove_criterion", "api-studio-assignment", "api-studio-criteria", "api-studio-criterion",
            "api-studio-criterion-move", "learners:hand_in", "learners:assess", "api-studio-hand-in",
            "api-studio-assess", "api-studio-rule",
        ],
        "Ada",
    ),
    # Assignments: Lin's work has its result, and a work of another is before her
    **dict.fromkeys(["learners:hand_ins", "api-studio-hand-ins"], CREATORS),
    "api-assignment": "Lin Ada Sam",
    "learners:hand_in_file": "Lin Ada",
    **dict.fromkeys(["learners:start_draft", "learners:hand_in_work", "learners:take_turn"], "Lin"),
    "learners:peer_review": "Lin",
    **dict.fromkeys(["community:ratings", "community:formula", "api-ratings"], ALL),
    **dict.fromkeys(["community:rate", "api-own-rating"], "Lin"),
    # Neither who wrote a rating nor who made the course has a vote on it.
    **dict.fromkeys(["community:find_helpful", "api-helpful-rating"], MEMBERS),
    **dict.fromkeys(["community:course_ratings", "community:reply", "api-reply-to-rating"], "Ada"),
    # A question and an answer of Lin's, who has the course; Sam reads, and writes nothing.
    **dict.fromkeys(["community:questions", "community:question", "GET api-questions"], "Lin Ada Sam"),
    **dict.fromkeys(["api-question", "GET api-answers"], "Lin Ada Sam"),
    **dict.fromkeys(["community:ask", "api-questions"], "Lin Ada"),
    **dict.fromkeys(["community:answer", "community:comment", "community:vote", "community:accept"], "Lin Ada"),
    **dict.fromkeys(["api-answers", "api-comments", "api-vote", "api-accepted"], "Lin Ada"),
    **dict.fromkeys(["community:edit_post", "api-post"], "Lin"),
    **dict.fromkeys(["community:follow_question", "api-follow-question"], "Lin Ada"),
    **dict.fromkeys(["api-question-mails", "api-studio-questions-asked", "api-studio-question-figures"], MEMBERS),
    "community:desk": CREATORS,
    **dict.fromkeys(["api-draft", "api-draft-files", "api-draft-file", "api-hand-ins", "api-peer-reviews"], "Lin"),
    **dict.fromkeys(["api-peer-review"], "Lin"),
    **dict.fromkeys(["learners:appeal_result", "api-hand-in-appeal"], "Lin"),
    **dict.fromkeys(["learners:file", "learners:picture", "api-lesson-files", "api-lesson-quiz"], "Lin Ada Sam"),
    **dict.fromkeys(["learners:start_attempt", "learners:attempt", "learners:submit_attempt", "api-attempts"], "Lin"),
    **dict.fromkeys(["api-attempt", "api-attempt-answers", "api-attempt-submit", "learners:reviewed"], "Lin"),
    **dict.fromkeys(["learners:review", "learners:answer_review", "api-review"], MEMBERS),
    # Skills and paths: a card of Lin's, paths of Ada's
    **dict.fromkeys(["paths:paths", "paths:path", "api-paths", "api-path", "learners:skill_card"], ALL),
    **dict.fromkeys(["paths:follow", "api-path-follow", "api-my-skills"], MEMBERS),
    **dict.fromkeys(["learners:my_skills", "learners:show_skills"], MEMBERS),
    **dict.fromkeys(["studio:paths", "studio:create_path"], f"{CREATORS} Sam"),
    "api-studio-paths": MEMBERS,
    **dict.fromkeys(["studio:path", "studio:submit_path", "studio:withdraw_path", "studio:open_path_draft"], "Ada"),
    **dict.fromkeys(["studio:close_path", "api-studio-path", "api-studio-path-submit"], "Ada"),
    **dict.fromkeys(["api-studio-path-withdraw", "api-studio-path-draft"], "Ada"),
    **dict.fromkeys(["institutions:institutions", "institutions:institution"], ALL),
    **dict.fromkeys(["api-institutions", "api-institution"], ALL),
    **dict.fromkeys(["institutions:mine", "institutions:create_institution", "api-my-institutions"], MEMBERS),
    **dict.fromkeys(["institutions:desk", "institutions:invite", "institutions:withdraw_invitation"], "Ada"),
    **dict.fromkeys(["institutions:change_role", "api-institution-members", "api-institution-member"], "Ada"),
    **dict.fromkeys(["studio:list_course", "studio:end_listing"], "Ada"),
    "institutions:invitation": "Lin",
    **dict.fromkeys(["moderation:institutions", "moderation:institution"], "Sam"),
    **dict.fromkeys(["courses:collections", "courses:collection", "api-collections"], ALL),
    **dict.fromkeys(["moderation:collections", "moderation:create_collection", "moderation:collection"], "Sam"),
    **dict.fromkeys(["moderation:paths", "moderation:path", "moderation:approve_path"], "Sam"),
    "moderation:send_back_path": "Sam",
    # Learning: a course that Lin bought, Ada made and Sam reviews
    **dict.fromkeys(["learners:library", "learners:enroll", "api-library", "api-enrollments"], MEMBERS),
    "learners:course": ALL,
    **dict.fromkeys(["learners:course_changes", "learners:see_changes", "learners:report_outdated"], "Lin"),
    **dict.fromkeys(["api-course-news", "api-out-of-date"], "Lin"),
    "api-change-mails": MEMBERS,
    **dict.fromkeys(["learners:lesson", "api-lesson-playback"], "Lin Ada Sam"),
    "api-course-progress": MEMBERS,
    **dict.fromkeys(["learners:read", "api-lesson-read"], NOBODY),
    # Certificates: one of Lin's
    **dict.fromkeys(["learners:certificate", "learners:check_certificate", "learners:revoked_certificates"], ALL),
    **dict.fromkeys(["learners:did_document", "learners:certificate_status", "learners:credential_verifier"], ALL),
    **dict.fromkeys(["learners:certificates", "api-certificates", "api-course-certificate"], MEMBERS),
    **dict.fromkeys(["learners:ask_certificate", "learners:certificate_pdf", "learners:certificate_credential"], "Lin"),
    **dict.fromkeys(["learners:show_name", "api-credential", "api-certificate"], "Lin"),
    "GET api-certificate": ALL,
    "api-certificates-revoked": ALL,
    **dict.fromkeys(["learners:revoke_certificate", "api-certificate-revoke"], "Sam"),
    # Notes and what is said: one note of Lin's
    **dict.fromkeys(["learners:all_notes", "learners:notes_of", "learners:notes_file", "api-notes"], MEMBERS),
    **dict.fromkeys(["learners:weekly_goal", "api-goal"], MEMBERS),
    **dict.fromkeys(["learners:edit_note", "api-note"], "Lin"),
    **dict.fromkeys(["learners:add_note", "learners:search_transcripts", "api-course-transcripts"], "Lin Ada Sam"),
    # One's own data: a file of Lin's
    **dict.fromkeys(["accounts:privacy", "accounts:ask_record", "accounts:delete_account"], MEMBERS),
    **dict.fromkeys(["api-records", "api-deletion"], MEMBERS),
    **dict.fromkeys(["accounts:record_file", "api-record"], "Lin"),
    **dict.fromkeys(["notices:notices", "notices:read", "api-notices", "api-notices-read"], MEMBERS),
    **dict.fromkeys(["notices:open_notice", "api-notice-read"], "Lin"),
    # Buying
    **dict.fromkeys(["payments:cart", "payments:cart_add", "payments:cart_remove", "payments:take_code"], ALL),
    **dict.fromkeys(["payments:checkout", "payments:orders", "api-cart", "api-orders"], MEMBERS),
    **dict.fromkeys(["payments:order", "api-order"], "Lin Fay"),
    **dict.fromkeys(["payments:invoice", "payments:credit_note", "payments:receipt"], "Lin Fay"),
    **dict.fromkeys(["api-order-invoice", "api-order-credit-note", "api-order-receipt"], "Lin Fay"),
    "payments:checkout_return": "Lin",
    **dict.fromkeys(["payments:take_back", "payments:refund_meter", "api-item-meter", "api-take-back"], "Lin"),
    **dict.fromkeys(["payments:refund_sale", "api-sale-refund"], "Ada"),
    **dict.fromkeys(["payments:say_sent", "payments:pay_otherwise", "payments:cancel_order"], "Lin"),
    **dict.fromkeys(["api-order-sent", "api-order-other-way", "api-order-cancel"], "Lin"),
    "api-payment-ways": MEMBERS,
    **dict.fromkeys(["payments:give_tip", "api-tip"], MEMBERS),
    **dict.fromkeys(["payments:take_tip_back", "api-take-tip-back"], "Lin"),
    **dict.fromkeys(["payments:choose_tips", "api-takes-tips"], CREATORS),
    # Earning
    **dict.fromkeys(["payments:sharing", "GET api-revenue-rules"], ALL),
    **dict.fromkeys(["payments:refund_rules", "api-refund-rules"], ALL),
    **dict.fromkeys(["payments:earnings", "payments:earnings_csv", "payments:payout_account"], CREATORS),
    **dict.fromkeys(["payments:statement_csv", "payments:statement_pdf", "api-payout-skips"], CREATORS),
    **dict.fromkeys(["api-earnings-sales-csv", "api-earnings-statement-csv", "api-earnings-statement-pdf"], CREATORS),
    **dict.fromkeys(["api-earnings-figures", "api-earnings-statement"], CREATORS),
    **dict.fromkeys(["payments:sale", "api-earnings-sale"], "Ada"),
    **dict.fromkeys(["payments:my_years", "payments:tax_identity", "api-my-years", "api-tax-details"], CREATORS),
    **dict.fromkeys(["payments:my_year_csv", "payments:my_year_pdf"], "Ada"),
    **dict.fromkeys(["api-my-year-csv", "api-my-year-pdf"], "Ada"),
    **dict.fromkeys(["payments:bank_account", "payments:my_payouts", "api-bank-account"], CREATORS),
    "payments:payout_account_return": MEMBERS,
    **dict.fromkeys(["api-earnings", "api-earnings-sales", "api-payouts", "api-payout-account"], CREATORS),
    # Links and co-authors
    "payments:follow_referral": ALL,
    **dict.fromkeys(["payments:promotion", "payments:coauthors"], CREATORS),
    **dict.fromkeys(["api-referrals", "api-splits", "payments:promoters", "api-promoters"], CREATORS),
    "api-promoter-tier": CREATORS,
    **dict.fromkeys(["payments:end_referral", "api-referral-end", "payments:coauthors_of"], "Ada"),
    **dict.fromkeys(["payments:answer_split", "api-split-answer"], "Ada"),
    # Coupons
    **dict.fromkeys(["payments:coupons", "api-coupons"], CREATORS),
    **dict.fromkeys(["payments:coupon", "payments:end_coupon", "api-coupon", "api-coupon-end"], "Ada"),
    **dict.fromkeys(["payments:finance_coupons", "payments:finance_coupon", "payments:end_finance_coupon"], "Fay"),
    **dict.fromkeys(["api-platform-coupons", "api-platform-coupon", "api-platform-coupon-end"], "Fay"),
    # Bundles
    **dict.fromkeys(["payments:bundle", "api-bundle"], ALL),
    **dict.fromkeys(["payments:bundles", "payments:create_bundle", "api-own-bundles"], CREATORS),
    **dict.fromkeys(["payments:edit_bundle", "payments:price_bundle", "payments:choose_bundle_courses"], "Ada"),
    **dict.fromkeys(["payments:offer_bundle", "payments:withdraw_bundle"], "Ada"),
    **dict.fromkeys(["api-own-bundle", "api-offer-bundle", "api-withdraw-bundle"], "Ada"),
    # Prices in parts: a plan of Lin's
    **dict.fromkeys(["payments:start_instalments", "payments:instalment_plans"], MEMBERS),
    **dict.fromkeys(["api-course-instalments", "api-instalments"], MEMBERS),
    **dict.fromkeys(["payments:join_membership", "payments:memberships", "payments:open_by_membership"], MEMBERS),
    "payments:join_pass": NOBODY,  # none is offered: tests/payments/test_membership_pages.py
    **dict.fromkeys(["api-creator-membership", "api-pass", "api-memberships", "api-open-by-membership"], MEMBERS),
    "payments:membership": "Lin Fay",
    **dict.fromkeys(["payments:cancel_membership", "payments:resume_membership", "payments:pay_month"], "Lin"),
    **dict.fromkeys(["payments:take_month_back", "api-membership", "api-membership-cancel"], "Lin"),
    **dict.fromkeys(["api-membership-resume", "api-membership-pay", "api-membership-take-back"], "Lin"),
    **dict.fromkeys(["payments:offer_membership", "payments:close_membership", "api-studio-membership"], CREATORS),
    **dict.fromkeys(["api-studio-membership-close"], CREATORS),
    **dict.fromkeys(["payments:mark_course", "api-studio-membership-course"], "Ada"),
    **dict.fromkeys(["payments:finance_memberships", "payments:offer_pass"], "Fay"),
    **dict.fromkeys(["api-finance-memberships", "api-finance-pass"], "Fay"),
    # The pool of the pass
    **dict.fromkeys(["payments:pool", "api-studio-pool"], CREATORS),
    "api-membership-pool": "Lin",
    **dict.fromkeys(["payments:finance_pool", "payments:pool_division", "payments:look_at_pool"], "Fay"),
    **dict.fromkeys(["api-finance-pool", "api-finance-pool-division", "api-finance-pool-look"], "Fay"),
    "payments:instalment_plan": "Lin Fay",
    **dict.fromkeys(["payments:pay_instalments", "api-instalment", "api-instalment-pay"], "Lin"),
    **dict.fromkeys(["payments:offer_instalments", "api-studio-instalments"], "Ada"),
    **dict.fromkeys(["payments:finance_instalments", "api-finance-instalments"], "Fay"),
    **dict.fromkeys(["payments:refund_instalments", "api-finance-instalment", "api-finance-instalment-refund"], "Fay"),
    **dict.fromkeys(["payments:refund_instalment_again", "api-finance-instalment-again"], "Fay"),
    # The sandbox plays the provider's own host: who has the address may come in.
    **dict.fromkeys(["payments:sandbox_checkout", "payments:sandbox_onboarding"], ALL),
    **dict.fromkeys(
        [
            "payments:reconciliation", "payments:compare_books", "payments:settle_break", "payments:book_break",
            "payments:years", "payments:issue_year", "payments:remind_year", "payments:year_file", "api-years",
            "api-year-issue", "api-year-remind", "api-year-file",
            "payments:months", "payments:month", "payments:close_month", "payments:month_csv", "payments:month_pdf",
            "payments:month_file", "api-months", "api-month", "api-month-close", "api-month-csv", "api-month-pdf",
            "api-month-file",
            "api-breaks", "api-break-settle", "api-break-book", "api-reconciliation",
        ],
        "Fay",
    ),
    **dict.fromkeys(["payments:statement_file", "api-provable-statement"], CREATORS),
    **dict.fromkeys(["payments:seals", "payments:seals_file", "payments:verifier", "api-seals"], ALL),
    # Finance
    **dict.fromkeys(
        [
            "api-payout-holds", "api-payout-hold-lift", "api-bank-files", "api-bank-orders", "api-bank-order-answer",
            "api-bank-details", "api-bank-details-confirm", "api-bank-details-refuse",
            "payments:note_payout_return", "payments:confirm_payout_return", "payments:decline_payout_return",
            "api-payout-return", "api-payout-returns", "api-payout-return-confirm", "api-payout-return-decline",
            "payments:make_bank_file", "payments:bank_file", "payments:answer_bank_order",
            "payments:confirm_bank_details", "payments:refuse_bank_details",
            "payments:payout_desk", "payments:prepare_payout_run", "payments:decline_payout",
            "payments:withdraw_payout", "payments:settle_payout_flag",
            "payments:stop_payouts", "payments:lift_stop", "payments:place_reserve",
            "payments:end_reserve", "payments:approve_payout", "api-payout-run-preview", "api-payout-run-payouts",
            "api-payout-run-skips", "api-payout-approve", "api-payout-decline", "api-payout-withdraw",
            "api-payout-settle-flag", "api-payout-stops", "api-payout-stop-lift", "api-reserve-rules",
            "api-reserve-rule-end",
            "payments:finance", "payments:start_payout_run", "payments:payout_run", "payments:reopen_payout",
            "payments:ledger_accounts", "payments:ledger_account", "api-ledger-accounts", "api-ledger-account-lines",
            "payments:rules", "payments:preview_rule", "payments:introduce_rule",
            "api-revenue-rules", "api-revenue-rule-simulation",
            "payments:place_hold", "payments:lift_hold", "payments:finance_orders", "payments:refund",
            "payments:settle_order_flag", "api-order-settle-flag",
            "payments:approve_payment_way", "payments:decline_payment_way", "api-finance-way-approve",
            "api-finance-way-decline",
            "payments:payment_ways", "payments:payment_way", "payments:arrivals", "payments:note_arrival",
            "payments:match_arrival", "payments:confirm_arrival", "payments:give_arrival_effect",
            "payments:withdraw_arrival", "payments:send_arrival_back", "payments:note_arrival_sent_back",
            "payments:pay_refund_back", "api-finance-ways", "api-finance-way", "api-arrivals", "api-arrival-match",
            "api-arrival-confirm", "api-arrival-effect", "api-arrival-withdraw", "api-arrival-send-back",
            "api-arrival-sent-back", "api-hand-refunds", "api-hand-refund-sent",
            "payments:choose_payout_rail", "api-payout-rails", "payments:turn_payouts_back", "api-payouts-turn-back",
            "payments:tax_rates", "api-tax-rates", "payments:tax_owed", "payments:tax_owed_csv",
            "payments:note_tax_payment", "api-tax-owed", "api-tax-owed-csv", "api-tax-payments",
            "payments:disputes", "payments:dispute", "payments:answer_dispute", "payments:accept_dispute",
            "api-sandbox-charge", "api-sandbox-dispute", "api-sandbox-faults", "api-sandbox-fault",
            "api-sandbox-weather", "api-disputes", "api-dispute", "api-dispute-evidence", "api-dispute-accept",
            "payments:sandbox",
            "payments:sandbox_clock", "payments:sandbox_fault", "payments:sandbox_event", "payments:sandbox_events",
            "payments:sandbox_remove_fault", "payments:sandbox_weather", "payments:sandbox_forget_keys",
            "payments:sandbox_charge", "payments:sandbox_dispute", "payments:sandbox_transfer", "api-order-refund",
            "api-payout-runs", "api-payout-run", "api-trial-balance", "api-sandbox-clock", "api-payout-reopen",
            "api-finance-orders", "api-dead-work", "api-dead-work-again", "payments:try_again",
            "api-sandbox-events", "api-sandbox-transfer", "api-sandbox-keys",
        ],
        "Fay",
    ),
    # Moderation
    **dict.fromkeys(
        [
            "moderation:queue", "moderation:take_next", "moderation:decisions", "moderation:case", "moderation:claim",
            "moderation:words", "moderation:add_word", "moderation:withdraw_word", "api-moderation-words",
            "api-moderation-preview-word", "api-moderation-word",
            "moderation:second_looks", "moderation:second_look", "api-moderation-second-looks",
            "api-moderation-second-look",
            "moderation:release", "moderation:preview", "moderation:approve", "moderation:send_back",
            "moderation:takedowns", "moderation:take_down", "moderation:lift_takedown", "moderation:creator",
            "moderation:suspend", "moderation:lift_suspension", "moderation:cases", "moderation:reported_case",
            "moderation:flags", "api-moderation-flags",
            "moderation:take_next_case", "moderation:claim_case", "moderation:release_case",
            "api-moderation-claim-case", "api-moderation-take-next-case", "api-moderation-take-next",
            "moderation:measure", "moderation:weigh", "moderation:decide", "moderation:reverse", "moderation:appeals",
            "moderation:refunds", "moderation:approve_refund", "moderation:decline_refund", "api-moderation-refunds",
            "api-moderation-approve-refund", "api-moderation-decline-refund", "moderation:resume_refund",
            "api-moderation-weigh-reversal", "api-moderation-weigh-answer",
            "api-moderation-resume-refund", "api-moderation-refunds-under-way",
            "moderation:rights_claims", "moderation:rights_claim", "moderation:admit_claim", "moderation:decide_claim",
            "moderation:weigh_claim", "api-moderation-weigh-claim",
            "api-moderation-appeals", "api-moderation-reported-case", "api-moderation-decisions",
            "api-moderation-rights-claim",
            "api-moderation-claims", "api-moderation-admit-claim", "api-moderation-decide-claim",
            "moderation:answer_appeal", "api-moderation-cases", "api-moderation-measures", "api-moderation-reverse",
            "api-moderation-weigh", "api-moderation-decide", "api-moderation-answer-appeal",
            "api-moderation-submissions", "api-moderation-case",
            "api-moderation-claim", "api-moderation-approve", "api-moderation-send-back", "api-moderation-rubric",
            "api-moderation-takedowns", "api-moderation-lift", "api-moderation-take-down", "api-moderation-weigh-lift",
        ],
        "Sam",
    ),
    # The rules
    **dict.fromkeys(["rules:book", "rules:rule", "api-rules", "api-rule"], ALL),
    **dict.fromkeys(["rules:comment", "api-rule-comments"], MEMBERS),
    **dict.fromkeys(["rules:reporting", "rules:log", "rules:log_file", "api-moderation-log"], ALL),
    **dict.fromkeys(["report_card:newest", "report_card:card", "report_card:figures_csv"], ALL),
    **dict.fromkeys(["api-report-cards", "api-report-card"], ALL),
    **dict.fromkeys(["reports:make", "api-report"], ALL),
    **dict.fromkeys(["reports:mine", "reports:about_me", "api-reports", "api-reports-about-me"], MEMBERS),
    # Over the API what the desks of paths, institutions and collections do
    **dict.fromkeys(["api-moderation-paths", "api-moderation-path", "api-moderation-approve-path"], "Sam"),
    **dict.fromkeys(["api-moderation-send-back-path", "api-moderation-institutions", "api-moderation-verify"], "Sam"),
    **dict.fromkeys(["api-moderation-institution", "api-moderation-collections", "api-moderation-collection"], "Sam"),
    **dict.fromkeys(["api-my-institution", "api-institution-invitations", "api-institution-invitation"], "Ada"),
    **dict.fromkeys(["api-institution-listings", "api-institution-listing", "api-studio-path-close"], "Ada"),
    "api-my-invitations": MEMBERS, "api-answer-invitation": "Lin",
    "api-collection": ALL, "api-studio-demand": CREATORS,
    # Of the cast Lin alone reviews for the community.
    **dict.fromkeys(["community_review:home", "api-community-review"], MEMBERS),
    **dict.fromkeys(["community_review:join", "community_review:take_next", "community_review:leave"], "Lin"),
    **dict.fromkeys(["community_review:vote", "api-community-vote", "api-community-next"], "Lin"),
    "DELETE api-community-review": "Lin",
    **dict.fromkeys(["reports:words", "api-reports-words"], MEMBERS),
    **dict.fromkeys(["reports:appeal", "api-appeal"], "Ada"),
    "rules:figures": ALL,
    **dict.fromkeys(["reports:flags", "api-flags"], MEMBERS),
    **dict.fromkeys(["reports:answer_flag", "api-answer-flag"], "Ada"),
    # Cole claims a course of Ada's.
    **dict.fromkeys(["rights:file_claim", "rights:claims", "api-rights-file", "api-rights-claims"], MEMBERS),
    **dict.fromkeys(["rights:claim", "api-rights-claim"], "Cole Ada"),
    # Which of the two may say what is asked after the form: refused with 403, tests/moderation/test_rights.py.
    **dict.fromkeys(["rights:counter", "rights:go_on"], "Cole Ada"),
    **dict.fromkeys(["rights:withdraw", "api-rights-withdraw"], "Cole"),
    **dict.fromkeys(["api-rights-counter", "api-rights-go-on"], "Cole Ada"),
    **dict.fromkeys(["rights:proof", "api-rights-proof"], "Cole Ada Sam"),
    **dict.fromkeys(["moderation:grant_space", "api-moderation-grant-space"], ADMIN),
    **dict.fromkeys(["videos:remakings", "api-remakings", *REMAKING_VIEWS], ADMIN),
    **dict.fromkeys(["moderation:rule_changes", "moderation:withdraw_rule"], ADMIN),
    **dict.fromkeys(["api-rule-changes", "api-rule-change"], ADMIN),
    **dict.fromkeys(["staff:audit", "staff:audit_csv", "api-audit"], ADMIN),
    **dict.fromkeys(["staff:people", "staff:take_second_factor", "api-take-second-factor"], ADMIN),
    **dict.fromkeys(["staff:give_role", "staff:withdraw_role", "api-roles", "api-withdraw-role"], ADMIN),
    **dict.fromkeys(["pages:page", "pages:versions", "pages:version"], ALL),
    **dict.fromkeys(["api-pages", "api-page", "api-page-version"], ALL),
    **dict.fromkeys(["operating:pages", "operating:create_page", "operating:edit_page"], ADMIN),
    **dict.fromkeys(["operating:preview_page", "operating:publish_page", "operating:withdraw_page"], ADMIN),
    **dict.fromkeys(["api-staff-pages", "api-staff-page", "api-staff-page-publish"], ADMIN),
    "api-staff-page-withdraw": ADMIN,
    **dict.fromkeys(["look", "api-site"], ALL),
    **dict.fromkeys(["operating:mails", "operating:edit_mail", "api-mails", "api-mail"], ADMIN),
    **dict.fromkeys(["operating:look", "operating:look_again", "api-looks", "api-look-again"], ADMIN),
    **dict.fromkeys(["operating:switches", "operating:turn_switch", "api-switches", "api-switch-turn"], ADMIN),
    "staff:see_as": ADMIN,
    **dict.fromkeys(["staff:second_factor", "staff:stop_seeing"], MEMBERS),
}  # fmt: skip
# Their right stands in the address or the body itself, signed, and is tested where it is made: tests/videos,
# tests/learners/test_evidence.py, tests/discovery/test_saved.py, tests/payments/test_webhook.py. Media are the public
# pictures, and those that are put away (tests/courses/test_put_away.py); readyz says 503 here.
APART = {
    "learners:change_mails", "community:question_mails",
    "discovery:news",
    "videos:hls", "videos:right", "videos:part", "api-watch-reports", "api-watch-standing", "payments:stripe_webhook",
    "media", "readyz", "",
}  # fmt: skip


def test_every_address_has_its_row() -> None:
    named = {name.rpartition(" ")[2] for name in MAY}
    assert set(VIEWS) - named - APART == set()
    assert named - set(VIEWS) == set()


def allowed(name: str, method: str) -> list[str]:
    return MAY.get(f"{method} {name}", MAY.get(name, "")).split()


# Sam is a senior moderator; Mona is none, and this is not hers.
SENIOR = {"moderation:approve_refund", "moderation:decline_refund", "api-moderation-approve-refund",
          "api-moderation-decline-refund", "moderation:resume_refund",
          "api-moderation-resume-refund"}  # fmt: skip
# Sam has taken these two, and only he can give them back.
TAKEN = {"DELETE api-moderation-claim", "DELETE api-moderation-claim-case", "POST moderation:release",
         "POST moderation:release_case"}  # fmt: skip
# Sue helps people: she looks up their orders, and sees some pages as they do.
ORDERS = {"payments:finance_orders", "payments:order", "payments:invoice", "payments:credit_note", "api-order",
          "api-finance-orders", "payments:receipt", "api-order-invoice", "api-order-credit-note",
          "api-order-receipt"}  # fmt: skip
STAFF = {"Sam", "Fay", "Max"}
# Cleo has a part in what Ada's course earns, by a split that both agreed to, and is asked about another one.
OF_COAUTHORS = {
    "payments:sale", "api-earnings-sale", "payments:answer_split", "api-split-answer",
    # She answers what learners of the course ask.
    "community:questions", "community:ask", "community:question", "community:answer", "community:comment",
    "community:vote", "community:accept", "community:follow_question", "api-questions", "api-question", "api-answers",
    "api-comments", "api-vote", "api-accepted", "api-follow-question",
}  # fmt: skip
# Olga and Edda look after Ada's institution as an owner and as an editor; Vic only sees it.
OF_MEMBERS = {
    "GET institutions:desk", "GET api-institution-members", "GET api-my-institution", "GET api-institution-listings",
}  # fmt: skip
OF_EDITORS = OF_MEMBERS | {"POST institutions:desk", "PATCH api-my-institution"}
OF_OWNERS = OF_EDITORS | {
    "POST institutions:invite", "POST institutions:withdraw_invitation", "POST institutions:change_role",
    "POST api-institution-members", "PATCH api-institution-member", "DELETE api-institution-member",
    "GET api-institution-invitations", "DELETE api-institution-invitation", "DELETE api-institution-listing",
}  # fmt: skip
THEIRS = {"Olga": OF_OWNERS, "Edda": OF_EDITORS, "Vic": OF_MEMBERS}
NAMES = [name for name in VIEWS if name not in APART]
# Edda and Vic are as Olga, with less: they are walked where an institution is named.
OF_INSTITUTIONS = [
    name for name in NAMES if "institution" in name or name in ("studio:list_course", "studio:end_listing")
]
EVERYBODY = [*ALL.split(), *DUTIES, "Cleo", *THEIRS]


def may(person: str, name: str, method: str) -> bool:
    """By the table; those whom it does not name, by what everybody may, and by their duty or their part in it."""
    people = set(allowed(name, method))
    if person in ALL.split() or person in people:
        return person in people
    # Cole is a party of some things; what he and Fay both may, everybody may.
    return {"Cole", "Fay"} <= people or _is_theirs(person, name, method, people)


def _is_theirs(person: str, name: str, method: str, people: set[str]) -> bool:
    told = f"{method} {name}"
    if person in THEIRS:
        return told in THEIRS[person]
    theirs = {
        "Mona": "Sam" in people and name not in SENIOR and told not in TAKEN,
        "Sue": name in ORDERS or name == "staff:see_as",
        "Aude": name in ("payments:order", "payments:instalment_plan", "payments:membership")
        or (method == "GET" and (bool(people and people <= STAFF) or name in ORDERS)),
        "Max": bool(people & STAFF) and told not in TAKEN,
        "Cleo": {"Ada", "Bea"} <= people or name in OF_COAUTHORS,
    }
    return theirs[person]


def walked(world: World, person: str, names: Iterable[str]) -> list[str]:
    """Everything that opens to `person` and should not, that should and does not, or that breaks."""
    client, wrong = Client(raise_request_exception=False), []
    if person in world.people:
        client.force_login(world.people[person])
    for name in names:
        there, body = address(world, name), form(world, name)
        for method in methods(name):
            answer = knock(client, method, there, body)
            if answer.status_code == 405:
                continue
            if answer.status_code >= 500 or is_refused(answer) == may(person, name, method):
                wrong.append(f"{method} {name}: {answer.status_code} {answer.headers.get('Location', '')}")
    return wrong


@pytest.mark.parametrize("person", EVERYBODY)
def test_exactly_the_people_of_the_table_come_in(world: World, person: str) -> None:
    wrong = walked(world, person, OF_INSTITUTIONS if person in ("Edda", "Vic") else NAMES)
    assert not wrong, "\n".join(wrong)


def test_a_view_that_forgets_whom_it_is_for_is_found(world: World, settings: Any) -> None:
    """The control: with three such views at their addresses the same walk does not end well."""
    settings.ROOT_URLCONF = "tests.flows.forgetful_urls"
    names = ["payments:finance", "accounts:revoke_token", "api-note"]
    found = {told.rpartition(": ")[0] for told in walked(world, "Bea", names)}
    assert found == {
        "GET payments:finance", "POST payments:finance", "GET accounts:revoke_token", "POST accounts:revoke_token",
        "GET api-note", "PATCH api-note", "DELETE api-note",
    }  # fmt: skip
