"""A small world in which everything that has an address belongs to somebody: Ada creates, Lin has bought from her."""

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts import notices
from accounts.models import ApiToken, Notice, RecordExport, User
from accounts.models.record import private_files
from courses import sharing
from courses.models import Course, Decision, Lesson, Takedown
from creators.models import Creator
from discovery.matching import exposure
from learners import notes
from marketplace.lib import clock
from marketplace.lib.money import Money
from moderation import appeals, flags, quarters, report_card
from moderation.flags import Finding
from moderation.models import (
    CaseClaim,
    Claim,
    CommunityReviewer,
    CommunityTurn,
    Flag,
    ListedWord,
    RefundWave,
    SecondLook,
)
from operating import look as looks
from payments import checkout, disputes, ledger, refunds
from payments.models import (
    AccountKind,
    AccountRef,
    Bundle,
    Coupon,
    CourseSplit,
    CreditNote,
    EntryKind,
    LedgerAccount,
    Payout,
    PayoutHold,
    PayoutRun,
    ReconBreak,
    Referral,
    YearReport,
)
from payments.sandbox import console, desk
from payments.sandbox.models import SandboxEvent, SandboxTransfer
from payments.tips import giving
from payments.years.figures import Quarter
from tests import cast
from tests.community.factories import answer, ask, rate
from tests.courses.clips import make_clip
from tests.courses.factories import make_course, make_video
from tests.creators.factories import make_creator
from tests.flows import by_hand, membered, parted, payout_desk, pool, practice, ways
from tests.learners.certified import make_certificate
from tests.moderation import claims, decisions
from tests.moderation.factories import kim, make_submission
from tests.moderation.rules import announce
from tests.operating.looks import make_look
from tests.operating.pages import make_page
from tests.payments import sales, shop
from tests.videos.films import text_file
from videos import captions, uploading
from videos.models import Remaking, Replacement, Video

BREAK_VIEWS = ["payments:settle_break", "payments:book_break", "api-break-settle", "api-break-book"]
# A row of the trial balance.
ROW = {"book": "sandbox", "kind": "creator_pending", "currency": "USD"}
DISPUTE_VIEWS = (
    "payments:dispute", "payments:answer_dispute", "payments:accept_dispute", "api-dispute", "api-dispute-evidence",
    "api-dispute-accept",
)  # fmt: skip

REMAKING_VIEWS = (
    *(f"videos:{name}" for name in ("remaking", "pause_remaking", "resume_remaking", "end_remaking")),
    *("api-remaking", "api-remade-films", "api-remaking-pause", "api-remaking-resume", "api-remaking-end"),
)
REPLACING_VIEWS = ("replace_film", "begin_replacement", "carry_out_replacement", "give_up_replacement")


@dataclass(frozen=True)
class World:
    people: dict[str, User]
    # What stands in an address, by "view:parameter" or, for the rest, by "namespace:parameter" or by "parameter".
    objects: dict[str, Any]

    def kwargs(self, view: str, parameters: list[str]) -> dict[str, Any]:
        namespace = view.partition(":")[0]
        return {name: self._object(f"{view}:{name}", f"{namespace}:{name}", name) for name in parameters}

    def _object(self, *names: str) -> Any:
        return next(self.objects[name] for name in names if name in self.objects)


# Staff of whom the table of doors says by their duty what opens to them.
DUTIES = {"Max": "admin", "Mona": "moderator", "Sue": "support", "Aude": "auditor"}


def make_world() -> World:
    """Everybody of the cast, and Bea, who is a creator as Ada is and owns nothing that is asked for."""
    ada, lin, sam, fay = cast.ada(), cast.lin(), cast.sam(), cast.fay()
    bea = make_creator(cast.person("Bea"), "Bea Glazes").user
    people = {"Cole": cast.cole(), "Lin": lin, "Ada": ada, "Bea": bea, "Sam": sam, "Fay": fay}
    people |= {name: cast.person(name, role=role) for name, role in DUTIES.items()}
    people |= {"Cleo": make_creator(cast.person("Cleo"), "Cleo Kilns").user} | ways.members()
    live, draft = make_course(title="Pottery"), make_course(title="Glazes", live=False)
    practised = practice.make_practice_course()
    submission = make_submission("Kilns")
    Claim.objects.take(submission, sam)
    exposure.reckon()
    report_card.reckon_due(timezone.now())
    second = SecondLook.objects.create(decision=Decision.objects.get(submission__version=live.live_version))
    CourseSplit.objects.propose(live, [(people["Cleo"].creator, 1000)], by=ada).accept(by=people["Cleo"])
    order = shop.buy(lin, [live])
    lesson: Any = draft.draft.lessons.last()
    video = make_video(ada)
    captions.put(video, language="en", file=text_file("1\n00:00:01,000 --> 00:00:02,000\nHello\n"))
    broken = Video.objects.begin(owner=ada, name="broken.mp4", size=9)
    payout = _payout(ada.creator, fay)
    dispute: Any = disputes.take(desk.on_charge(order.charge_id, "inquiry").pk)
    closed = _closed_creator(sam)
    ApiToken.objects.issue(ada, "Ada's")
    objects = {
        **parted.objects(lin),
        **_operated(people["Max"]),
        **membered.objects(lin),
        **pool.objects(lin, live),
        **dict.fromkeys(["payments:ledger_account:pk", "api-ledger-account-lines:pk"], _account()),
        **{f"payments:ledger_accounts:{name}": word for name, word in ROW.items()},
        "slug": live.slug, "courses:shared:stamp": sharing.stamp(live),
        "courses:shared_creator:slug": ada.creator.slug, "courses:shared_creator:stamp": sharing.stamp(ada.creator),
        "studio:slug": draft.slug,
        "feed-shelf:slug": live.category.slug, "feed-creator:slug": ada.creator.slug,
        "creators:slug": ada.creator.slug,
        "discovery:follow:slug": ada.creator.slug, "api-follow:slug": ada.creator.slug,
        "api-creator:slug": ada.creator.slug, "moderation:creator:slug": ada.creator.slug,
        "moderation:suspend:slug": ada.creator.slug,
        **dict.fromkeys(["moderation:grant_space:slug", "api-moderation-grant-space:slug"], ada.creator.slug),
        "key": live.live_lessons().filter(is_preview=False).first().key, "number": order.number,
        "staff:pk": sam.pk, "api-take-second-factor:pk": sam.pk,
        **dict.fromkeys(["staff:withdraw_role:pk", "api-withdraw-role:pk"], sam.role_grants.get().pk),
        "accounts:pk": ApiToken.objects.get(user=ada).pk,
        "studio:pk": lesson.pk,
        "api-studio-withdraw:slug": submission.version.course.slug,
        "api-studio-lesson:pk": lesson.pk, "api-studio-lesson-video:pk": lesson.pk,
        "api-studio-section:pk": lesson.section_id, "api-studio-lessons:pk": lesson.section_id,
        **dict.fromkeys(["moderation:withdraw_word:pk", "api-moderation-word:pk"], ListedWord.objects.first().pk),
        **dict.fromkeys([f"{name}:pk" for name in REMAKING_VIEWS], _remaking_pk()),
        "moderation:second_look:pk": second.pk, "api-moderation-second-look:pk": second.pk,
        "moderation:pk": submission.pk, "api-moderation-case:pk": submission.pk,
        "api-moderation-claim:pk": submission.pk, "api-moderation-approve:pk": submission.pk,
        "api-moderation-send-back:pk": submission.pk,
        "moderation:lift_takedown:pk": closed.takedown.pk, "api-moderation-lift:pk": closed.takedown.pk,
        "api-moderation-weigh-lift:pk": closed.takedown.pk,
        "moderation:lift_suspension:pk": closed.suspension_pk,
        "payments:payout_run:pk": payout.run_id, "api-payout-run:pk": payout.run_id,
        "payments:reopen_payout:pk": payout.pk, "api-payout-reopen:pk": payout.pk,
        **dict.fromkeys(["payments:try_again:label", "api-dead-work-again:label"], "payments.payout"),
        **dict.fromkeys(["payments:try_again:pk", "api-dead-work-again:pk"], payout.pk),
        "payments:sale:pk": order.items.get().pk, "api-earnings-sale:pk": order.items.get().pk,
        **payout_desk.objects(payout, fay),
        "payments:lift_hold:pk": PayoutHold.objects.place(
            creator=ada.creator, by=fay, rule_code="suspected_fraud", reason="Looked at"
        ).pk,
        "payments:event_id": SandboxEvent.objects.first().pk, "payments:act": "resend",
        "payments:charge_id": order.charge_id, "payments:sandbox_charge:act": "inquiry",
        "payments:dispute_id": dispute.provider_dispute_id, "payments:sandbox_dispute:act": "win",
        "api-sandbox-charge:charge_id": order.charge_id,
        "api-sandbox-dispute:dispute_id": dispute.provider_dispute_id,
        "api-sandbox-fault:pk": console.plan_fault("*", "400", 0).pk,
        **{f"{name}:pk": dispute.pk for name in DISPUTE_VIEWS},
        **dict.fromkeys(["payments:transfer_id", "api-sandbox-transfer:transfer_id"], SandboxTransfer.objects.create(
            amount=100, currency="usd", destination_id=payout.destination
        ).pk),
        "payments:sandbox_remove_fault:pk": console.plan_fault("*", "400", 0).pk,
        "payments:session_id": order.checkout_session_id, "payments:account_id": payout.destination,
        "pk": video.pk, "language": "en", "videos:look:file": "master.m3u8",
        "videos:retry:pk": broken.pk, "api-video-retry:pk": broken.pk,
        "year": 2026, "month": 11, **_month_objects(), **_year_objects(ada.creator, fay),
        **dict.fromkeys([f"{name}:pk" for name in BREAK_VIEWS], _break_pk()),
        "quarter": str(quarters.Quarter.of(timezone.now())),
        "section": "courses", "path": "nothing.webp",
        "moderation:answer_appeal:pk": closed.appeal_pk, "api-moderation-answer-appeal:pk": closed.appeal_pk,
        "api-moderation-weigh-answer:pk": closed.appeal_pk,
        **_judged(sam, lin, live),
        **_upload_objects(ada), **_replaced_objects(ada, video),
        **practice.objects(practised, draft, lin), **practice.assignment_objects(draft, lin),
        **_promotion_objects(ada, fay, live),
    }  # fmt: skip
    objects |= ways.objects(ada, lin, [live, make_course(title="Slab building")])
    objects |= by_hand.objects(lin, fay)
    objects |= _given_back(lin, fay) | _proved(lin) | _kept(lin, live) | _clips(ada, live)
    objects |= _tipped(lin, live) | _rated(lin, live) | _asked(lin, live)
    names = ["payments:take_back", "payments:refund_meter", "payments:refund_sale", "api-item-meter", "api-take-back"]
    for name in (*names, "api-sale-refund"):
        objects[f"{name}:pk"] = order.items.get().pk
    for name in ("rename_section", "remove_section", "add_lesson"):
        objects[f"studio:{name}:pk"] = lesson.section_id
    return World(people, objects)


def _tipped(lin: User, live: Course) -> dict[str, Any]:
    """A tip of Lin's for the course that she bought."""
    order = giving.start(lin, live, Money(500, live.currency))
    shop.pay(order)
    checkout.complete(order.checkout_session_id or "")
    return {f"{view}:number": order.number for view in ("payments:take_tip_back", "api-take-tip-back")}


def _remaking_pk() -> int:
    return Remaking.objects.ask(by=cast.person("Remy", role="admin"), films="rules", reason="New").pk


def _month_objects() -> dict[str, Any]:
    """The books of this world begin today: their only month is the present one, which nobody can close."""
    today = timezone.now().astimezone(UTC).date()
    pages = [f"payments:{name}" for name in ("month", "close_month", "month_csv", "month_pdf", "month_file")]
    api = [f"api-month{name}" for name in ("", "-close", "-csv", "-pdf", "-file")]
    names = pages + api
    return {f"{name}:year": today.year for name in names} | {f"{name}:month": today.month for name in names}


def _year_objects(creator: Creator, fay: User) -> dict[str, Any]:
    """A report of the creator's of this year."""
    year = timezone.now().astimezone(UTC).year
    nothing = Quarter().as_facts()
    facts = {
        "book": "sandbox", "year": year, "creator": creator.pk, "currency": "USD", "version": 1, "reason": "",
        "quarters": [nothing] * 4, "total": nothing,
    }  # fmt: skip
    YearReport.objects.add([(facts, None)], by=fay)
    pk = YearReport.objects.get(creator=creator).pk
    files = ["payments:my_year_csv", "payments:my_year_pdf", "api-my-year-csv", "api-my-year-pdf"]
    desk = [f"payments:{name}" for name in ("issue_year", "remind_year", "year_file")]
    desk += [f"api-year-{name}" for name in ("issue", "remind", "file")]
    return {f"{name}:pk": pk for name in files} | {f"{name}:year": year for name in desk}


def _clips(ada: User, live: Course) -> dict[str, Any]:
    """A clip of Ada's that everybody sees."""
    clip = make_clip(live)
    studio = [
        "edit_clip",
        "publish_clip",
        "withdraw_clip",
        "stop_clip",
        "retry_clip",
        "remove_clip",
        "clips",
        "cut_clip",
    ]
    api = ["", "-publish", "-withdraw", "-stop", "-retry"]
    public = ["discovery:clip", "discovery:clip_file", "discovery:dismiss_clip", "api-clip"]
    return {
        **{f"studio:{name}:key": clip.key for name in studio},
        **{f"studio:{name}:slug": live.slug for name in studio},
        "studio:cut_clip:key": clip.lesson_key, "api-studio-clips:slug": live.slug,
        **{f"api-studio-clip{name}:key": clip.key for name in api},
        **{f"{name}:key": clip.key for name in public}, "discovery:clip_file:name": "poster.jpg",
        "courses:shared_clip:key": clip.key, "courses:shared_clip:stamp": sharing.stamp(clip),
    }  # fmt: skip


def _rated(lin: User, course: Course) -> dict[str, Any]:
    """A rating of Lin's."""
    row = rate(lin, course, 4, text="It holds water")
    views = ["community:reply", "community:find_helpful", "api-helpful-rating", "api-reply-to-rating"]
    return {f"{name}:pk": row.pk for name in views}


def _asked(lin: User, course: Course) -> dict[str, Any]:
    """A question of Lin's and her own answer to it."""
    asked = ask(lin, course)
    said = answer(lin, asked)
    of_answer = ["community:accept", "community:edit_post", "api-post", "community:vote", "api-vote"]
    of_question = ["community:comment", "api-comments"]
    return {
        "community:pk": asked.pk,
        **{f"{name}:pk": said.pk for name in of_answer}, **{f"{name}:pk": asked.pk for name in of_question},
        **{f"api-{name}:pk": asked.pk for name in ("question", "answers", "accepted", "follow-question")},
    }  # fmt: skip


def _given_back(lin: User, fay: User) -> dict[str, Any]:
    """Another order of Lin's, which finance gave back whole: it has a credit note."""
    order = shop.buy(lin, [make_course(title="Kumihimo")])
    refunds.refund(order, by=fay, reason="asked")
    shop.send_refunds()
    note = CreditNote.objects.get(invoice__order=order)
    order.flag("a refund came back")
    settle = {f"{name}:number": order.number for name in ("payments:settle_order_flag", "api-order-settle-flag")}
    views = ["payments:credit_note", "api-order-credit-note"]
    named = {f"{name}:number": order.number for name in views} | settle
    return named | {f"{name}:note": note.number for name in views}


def _proved(lin: User) -> dict[str, Any]:
    """A certificate of Lin's."""
    found = make_certificate(lin, make_course(title="Wheel throwing"))
    views = ["api-certificate", "api-credential", "api-certificate-revoke", "learners"]
    return {f"{name}:code": found.code for name in views} | {"learners:certificate_status:number": 0}


def _kept(lin: User, live: Course) -> dict[str, Any]:
    """A note of Lin's, and the file of her record."""
    note = notes.add(lin, live.live_lessons().last().key, text="Wedge it", at_s=1)
    now = timezone.now()
    path = private_files().save("records/of-lin.zip", ContentFile(b"zip"))
    record = RecordExport.objects.create(
        person=lin, file=path, size=3, ready_at=now, expires_at=now + timedelta(days=1), finished_at=now
    )
    notices.tell("world", lin, "role_given", {"role": "x", "reason": "y"})
    told = Notice.objects.get(person=lin, key="world").pk
    files = {f"{view}:name": record.name for view in ("accounts:record_file", "api-record")}
    files |= {"notices:open_notice:pk": told, "api-notice-read:pk": told}
    return files | {"learners:edit_note:pk": note.pk, "api-note:pk": note.pk}


@dataclass(frozen=True)
class _Closed:
    takedown: Takedown
    suspension_pk: int
    appeal_pk: int


def _closed_creator(sam: User) -> _Closed:
    """A third creator with a course taken down, suspended as well."""
    dora = make_creator(cast.person("Dora"), "Dora Kilns")
    course = make_course(dora, title="Salt glaze")
    taken: Any = decisions.decide("unpublish", "course", course.slug, sam)
    suspended: Any = decisions.decide("suspend", "creator", dora.slug, sam, reason="Copied again")
    return _Closed(taken.takedown, suspended.suspension_id, appeals.make(taken, dora.user, "I have a license").pk)


def _judged(sam: User, lin: User, course: Course) -> dict[str, Any]:
    """A report of Lin's, a warning to Ada, and a change of a rule."""
    case = decisions.report("course", course.slug, lin)
    CaseClaim.objects.take(case, cast.sam())
    warning = decisions.decide("warn", "creator", course.creator.slug, sam)
    change = announce("privacy")
    flags.keep("stale", [Finding("stale", 1, "course", course.slug, {"days": 30, "limit": 30})], timezone.now())
    flag = Flag.objects.get()
    # Of another moderator's, so that Sam may agree.
    wave = RefundWave.objects.begin(decisions.decide("warn", "course", course.slug, kim()), course, needs_second=True)
    acts = ["approve_refund", "decline_refund", "approve-refund", "decline-refund", "resume_refund", "resume-refund"]
    waves = {f"{'api-moderation-' if '-' in act else 'moderation:'}{act}:pk": wave.pk for act in acts}
    # Cole claims two of Ada's courses: one is answered, the other waits.
    asked = claims.countered(cast.cole(), sam, course.slug, upload=SimpleUploadedFile("proof.pdf", b"%PDF-1.7 mine"))
    waiting = claims.filed(cast.cole(), course.live_lessons().last().key, "lesson")
    open_desk = [f"moderation:{act}_claim" for act in ("admit", "weigh", "decide", "rights")]
    open_desk += [f"api-moderation-{act}-claim" for act in ("admit", "weigh", "decide", "rights")]
    sides = ["rights", *(f"api-rights-{act}" for act in ("claim", "counter", "go-on", "withdraw", "proof"))]
    slight = decisions.report("course", make_course(title="Raku").slug, "203.0.113.9", rule="outcomes_taught")
    reviewer = CommunityReviewer.objects.create(person=lin, edition="2026", right_answers=6, questions=6)
    turn = CommunityTurn.objects.create(case=slight, reviewer=reviewer, ends_at=timezone.now() + timedelta(days=2))
    return {
        "community_review:vote:pk": turn.pk, "api-community-vote:pk": turn.pk,
        **waves, "reports:answer_flag:pk": flag.pk, "api-answer-flag:pk": flag.pk,
        **{f"{name}:pk": waiting.pk for name in open_desk}, **{f"{name}:pk": asked.pk for name in sides},
        "rights:key": course.slug, "api-rights-file:key": course.slug,
        "rules:code": "privacy", "api-rule:code": "privacy", "api-rule-comments:code": "privacy", "form": "csv",
        "moderation:withdraw_rule:pk": change.pk, "api-rule-change:pk": change.pk,
        "moderation:reported_case:pk": case.pk, "api-moderation-reported-case:pk": case.pk,
        "moderation:claim_case:pk": case.pk,
        "moderation:release_case:pk": case.pk, "api-moderation-claim-case:pk": case.pk,
        "moderation:reverse:pk": warning.pk,
        "api-moderation-reverse:pk": warning.pk, "api-moderation-weigh-reversal:pk": warning.pk,
        "reports:pk": warning.pk, "api-appeal:pk": warning.pk,
        "kind": "course", "moderation:key": course.slug, "reports:key": course.slug, "api-report:key": course.slug,
        "api-moderation-weigh:key": course.slug, "api-moderation-decide:key": course.slug,
    }  # fmt: skip


def _operated(admin: User) -> dict[str, Any]:
    """A page of the house's own, published."""
    make_page("terms", admin)
    look = make_look(admin)
    names = ["api-page", "api-page-version", "api-staff-page", "api-staff-page-publish", "api-staff-page-withdraw"]
    names += ["pages", "operating"]
    numbers: dict[str, Any] = {f"{name}:number": 1 for name in ("pages", "operating", "api-page-version")}
    codes = {"operating:turn_switch:code": "tips", "api-switch-turn:code": "tips"}
    numbers["look:digest"] = looks.digest(looks.stylesheet(look))
    numbers |= dict.fromkeys(["look:number", "operating:look_again:number", "api-look-again:number"], look.number)
    mails = {f"{name}:{key}": told for name in ("operating:edit_mail", "api-mail")
             for key, told in (("language", "en"), ("kind", "payments/receipt"))}  # fmt: skip
    return {**{f"{name}:slug": "terms" for name in names}, **numbers, **codes, **mails}


def _break_pk() -> int:
    found = {"book": "sandbox", "amount": sales.PRICE, "note": "Of the world"}
    return ReconBreak.objects.note(ReconBreak.Kind.EVENT, "ch_world", **found).pk


def _payout(creator: Creator, fay: User) -> Payout:
    account = sales.ready_account(creator)
    run = PayoutRun.objects.start(book=account.book, by=fay, as_of=clock.now() - timedelta(days=1))
    payout = Payout.objects.begin(run=run, account=account, amount=sales.PRICE, at=run.as_of)
    # Released and held, as a run leaves it: it can be withdrawn.
    waiting, free, gone = (
        AccountRef(kind, creator.pk)
        for kind in (AccountKind.CREATOR_PENDING, AccountKind.CREATOR_AVAILABLE, AccountKind.PAYOUT_IN_TRANSIT)
    )
    price, book = sales.PRICE, payout.book
    ledger.post("release:world", EntryKind.RELEASE, [(waiting, price), (free, -price)], book=book)
    ledger.post(payout.ledger_key("hold"), EntryKind.PAYOUT_HOLD, [(free, price), (gone, -price)], book=book)
    return payout


def _upload_objects(ada: User) -> dict[str, Any]:
    upload = uploading.begin(ada, name="film.mp4", size=1000, type="video/mp4")
    names = ["api-upload", "api-upload-parts", "api-upload-sign", "api-upload-complete"]
    return {**{f"{name}:pk": upload.pk for name in names}, "api-upload-sign:number": 1}


def _replaced_objects(ada: User, new: Video) -> dict[str, Any]:
    """A film of Ada's whose place another shall take."""
    old = make_video(ada)
    Replacement.objects.begin(old=old, new=new, by=ada)
    names = [f"studio:{name}" for name in REPLACING_VIEWS]
    return {f"{name}:pk": old.pk for name in [*names, "api-studio-replacement", "api-studio-carry-out"]}


def _account() -> int:
    return LedgerAccount.objects.values_list("pk", flat=True)[0]


def _promotion_objects(ada: User, fay: User, course: Course) -> dict[str, Any]:
    """A coupon of Ada's and one of the platform, a link of hers, and what else she proposed to her co-author."""
    hers = Coupon.objects.make(by=ada, creator=ada.creator, kind="percent", value=2500)
    platforms = Coupon.objects.make(by=fay, kind="free", cap_total=9, most_minor=10_000, most_currency="USD")
    link = Referral.objects.make(owner=ada.creator, by=ada, kind="own")
    split = CourseSplit.objects.propose(course, [(cast.person("Cleo").creator, 2000)], by=ada)
    both = [course, make_course(title="Burnishing")]
    bundle = Bundle.objects.make(
        by=ada, creator=ada.creator, title="Clay", courses=both, price=Money(3000, course.currency)
    )
    bundle.offer(by=ada)
    bundled = ["bundle", "edit_bundle", "price_bundle", "choose_bundle_courses", "offer_bundle", "withdraw_bundle"]
    return {
        **{f"payments:{name}:slug": bundle.slug for name in bundled},
        **{f"api-{name}:slug": bundle.slug for name in ("bundle", "own-bundle", "offer-bundle", "withdraw-bundle")},
        **{f"payments:{name}:pk": hers.pk for name in ("coupon", "end_coupon")},
        **{f"api-coupon{name}:pk": hers.pk for name in ("", "-end")},
        **{f"payments:{name}:pk": platforms.pk for name in ("finance_coupon", "end_finance_coupon")},
        **{f"api-platform-coupon{name}:pk": platforms.pk for name in ("", "-end")},
        "payments:end_referral:pk": link.pk, "api-referral-end:pk": link.pk, "payments:code": link.code,
        "payments:answer_split:pk": split.pk, "api-split-answer:pk": split.pk,
    }  # fmt: skip


def a_lesson(world: World) -> Lesson:
    return Lesson.objects.get(pk=world.objects["studio:pk"])
