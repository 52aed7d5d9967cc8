"""What the beat rings, and when. Each only looks for what is due; a bell that is missed or rung twice does no harm."""

from datetime import timedelta

from celery.schedules import crontab

BEAT_SCHEDULE = {
    "record-beat": {"task": "marketplace.tasks.record_beat", "schedule": timedelta(seconds=15)},
    "sweep-work": {"task": "marketplace.lib.tasks.sweep_work", "schedule": timedelta(seconds=15)},
    "audience": {"task": "learners.tasks.roll_up_audience", "schedule": timedelta(minutes=15)},
    "expire-records": {"task": "accounts.tasks.expire_records", "schedule": timedelta(hours=1)},
    "expire-notices": {"task": "accounts.tasks.expire_notices", "schedule": crontab(minute=25, hour=5)},
    "expire-uploads": {"task": "videos.tasks.expire_uploads", "schedule": timedelta(hours=1)},
    # Whoever publishes knows nothing of the index: it looks for what is new.
    "refresh-index": {"task": "discovery.tasks.refresh_index", "schedule": timedelta(seconds=10)},
    "rank-courses": {"task": "discovery.tasks.rank_courses", "schedule": crontab(minute=50)},
    "count-courses": {"task": "courses.tasks.count_courses", "schedule": timedelta(seconds=10)},
    "put-pictures-away": {"task": "courses.tasks.put_pictures_away", "schedule": timedelta(minutes=1)},
    "learn-links": {"task": "discovery.tasks.learn_links", "schedule": crontab(minute=20, hour=4)},
    "write-down-looks": {"task": "discovery.tasks.write_down_looks", "schedule": timedelta(minutes=1)},
    "reckon-exposure": {"task": "discovery.tasks.reckon_exposure", "schedule": crontab(minute=45)},
    "gather-demand": {"task": "discovery.tasks.gather_demand", "schedule": timedelta(minutes=15)},
    "close-attempts": {"task": "learners.tasks.close_attempts", "schedule": timedelta(minutes=1)},
    "look-after-hand-ins": {"task": "learners.tasks.look_after_hand_ins", "schedule": timedelta(minutes=1)},
    # It looks through all that was ever passed: a second for a million.
    "make-up-for-passed": {"task": "learners.tasks.make_up_for_passed", "schedule": crontab(minute=55)},
    # Films that were there before prints were, some at a time.
    "missing-prints": {"task": "videos.tasks.ask_for_prints", "schedule": timedelta(minutes=10)},
    "old-originals": {"task": "videos.tasks.ask_for_old_originals", "schedule": crontab(minute=50)},
    # Every minute, since in the sandbox people move the clock and want to see what follows.
    "release-due": {"task": "payments.tasks.release_due", "schedule": timedelta(minutes=1)},
    "instalments": {"task": "payments.tasks.begin_instalments", "schedule": timedelta(minutes=5)},
    "look-after-instalments": {"task": "payments.tasks.look_after_instalments", "schedule": timedelta(minutes=10)},
    "memberships": {"task": "payments.tasks.look_after_memberships", "schedule": timedelta(minutes=5)},
    "pool": {"task": "payments.tasks.divide_pool", "schedule": crontab(minute=35)},
    # Once a day is enough; every hour, since a morning in which it failed is made up for, and a day is told once.
    "tell-of-memberships": {"task": "payments.tasks.tell_of_memberships", "schedule": crontab(minute=12)},
    "open-orders": {"task": "payments.tasks.sweep_open_orders", "schedule": timedelta(minutes=10)},
    "pending-refunds": {"task": "payments.tasks.sweep_pending_refunds", "schedule": timedelta(minutes=10)},
    "open-disputes": {"task": "payments.tasks.look_after_disputes", "schedule": timedelta(minutes=10)},
    "lost-events": {"task": "payments.tasks.sweep_lost_events", "schedule": timedelta(minutes=10)},
    "clicks": {"task": "payments.tasks.roll_up_clicks", "schedule": timedelta(minutes=5)},
    # Monday, 06:00 UTC, as payments.payouts tells creators.
    "weekly-run": {"task": "payments.tasks.start_weekly_run", "schedule": crontab(minute=0, hour=6, day_of_week=1)},
    "payout-accounts": {"task": "payments.tasks.refresh_payout_accounts", "schedule": timedelta(minutes=10)},
    # Every hour, since a night in which it failed is made up for; a day is sealed once.
    "seal-ledger": {"task": "payments.tasks.seal_ledger", "schedule": crontab(minute=15)},
    "expire-traces": {"task": "payments.tasks.expire_traces", "schedule": timedelta(hours=1)},
    "place-days": {"task": "videos.tasks.write_down_places", "schedule": timedelta(hours=1)},
    "roll-incomes": {"task": "payments.tasks.roll_incomes", "schedule": timedelta(minutes=10)},
    "follow-sales": {"task": "payments.tasks.follow_sales", "schedule": timedelta(minutes=1)},
    "roll-up-ledger": {"task": "payments.tasks.roll_up_ledger", "schedule": crontab(minute=40)},
    "late-fees": {"task": "payments.tasks.sweep_late_fees", "schedule": crontab(minute=25)},
    # Every hour, since weeks end at midnight where each learner is.
    "keep-weeks": {"task": "learners.tasks.keep_weeks", "schedule": crontab(minute=50)},
    "judge-freshness": {"task": "learners.tasks.judge_freshness", "schedule": crontab(minute=5, hour=4)},
    "change-mails": {"task": "learners.tasks.send_change_mails", "schedule": crontab(minute=20)},
    "news": {"task": "discovery.tasks.send_news", "schedule": crontab(minute=35)},
    "reckon-ratings": {"task": "community.tasks.reckon_ratings", "schedule": crontab(minute=25, hour=4)},
    "creators-news": {"task": "community.tasks.send_creators_news", "schedule": crontab(minute=10)},
    "tell-of-answers": {"task": "community.tasks.tell_of_answers", "schedule": timedelta(minutes=1)},
    "remind-creators": {"task": "courses.tasks.remind_creators", "schedule": crontab(minute=15, hour=4)},
    "compare-books": {"task": "payments.tasks.compare_books", "schedule": crontab(minute=40, hour=2)},
    "remind-to-close": {"task": "payments.tasks.remind_to_close", "schedule": crontab(minute=20, hour=7)},
    "forget-tax-identities": {"task": "payments.tasks.forget_tax_identities", "schedule": crontab(minute=30, hour=4)},
    "check-ledger-nightly": {"task": "payments.tasks.check_ledger_nightly", "schedule": crontab(minute=10, hour=3)},
    "follow-escrows": {"task": "payments.tasks.follow_escrows", "schedule": timedelta(minutes=1)},
    "follow-making-good": {"task": "payments.tasks.follow_making_good", "schedule": timedelta(minutes=1)},
    "follow-claims": {"task": "moderation.tasks.follow_claims", "schedule": timedelta(minutes=10)},
    "run-out-claims": {"task": "moderation.tasks.run_out_claims", "schedule": timedelta(minutes=1)},
    "read-public-pages": {"task": "moderation.tasks.read_public_pages", "schedule": crontab(minute=35, hour=4)},
    "invite-reviewers": {"task": "moderation.tasks.invite_reviewers", "schedule": crontab(minute=45, hour=4)},
    "remind-of-appeals": {"task": "moderation.tasks.remind_of_appeals", "schedule": crontab(minute=15)},
    # What is written after a report, and so may be lost.
    "tell-of-reports": {"task": "moderation.tasks.tell_of_reports", "schedule": timedelta(minutes=10)},
    "end-measures": {"task": "moderation.tasks.end_measures", "schedule": timedelta(minutes=1)},
    # After freshness was judged; a night in which it failed is made up for by the next.
    "judge-figures": {"task": "moderation.tasks.judge_figures", "schedule": crontab(minute=35, hour=4)},
    "look-for-fraud": {"task": "moderation.tasks.look_for_fraud", "schedule": crontab(minute=45)},
    # Once a day is enough; every hour, since a night in which it failed is made up for, and a new site has its first.
    "reckon-report-card": {"task": "moderation.tasks.reckon_report_card", "schedule": crontab(minute=30)},
    "check-ledger": {"task": "payments.tasks.check_ledger", "schedule": timedelta(hours=1)},
}
