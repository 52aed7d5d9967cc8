"""What addresses of skills and paths name: a public path, one of Ada's in the studio, one that waits, Lin's card."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from courses import sharing
from courses.models import Collection, Course, Listing
from creators.models import Invitation
from learners.models import SkillCard
from tests import cast
from tests.courses.factories import make_skill
from tests.courses.path_factories import make_path
from tests.creators.institutions import add_member, make_institution

# Who belongs to Ada's institution beside her.
MEMBERS = {"Olga": "owner", "Edda": "editor", "Vic": "viewer"}


def members() -> dict[str, User]:
    return {name: cast.person(name) for name in MEMBERS}


def objects(ada: User, lin: User, courses: list[Course]) -> dict[str, Any]:
    public = make_path(courses, title="A public path")
    draft = make_path(courses, title="A draft of a path", live=False)
    waiting = make_path(courses, title="A path that waits", live=False).shown_edition.submit(by=ada)
    day = {"starts_on": timezone.localdate()}
    named = {"title_en": "Winter", "title_zh": "冬", **day}
    gathered = Collection.objects.start(named, courses, by=cast.sam(), why="Season")
    school = make_institution(ada)
    Listing.objects.list_course(courses[0], school, by=ada)
    asked = Invitation.objects.invite(school, lin.email, "viewer", by=ada)
    member = school.members.get()
    for name, role in MEMBERS.items():
        add_member(school, cast.person(name), role)
    views = ("path", "approve_path", "send_back_path")
    studio = ("path", "submit_path", "withdraw_path", "open_path_draft", "close_path")
    api = ("", "-submit", "-withdraw", "-draft", "-close")
    desk = ("path", "approve-path", "send-back-path")
    ours = ("my-institution", "institution-invitations", "institution-invitation", "institution-listings")
    return {
        "courses:skill:slug": make_skill("python").slug,
        "paths:slug": public.slug, "api-path:slug": public.slug, "api-path-follow:slug": public.slug,
        **{f"studio:{view}:slug": draft.slug for view in studio},
        **{f"api-studio-path{part}:slug": draft.slug for part in api},
        **{f"moderation:{view}:pk": waiting.pk for view in views},
        **{f"api-moderation-{name}:pk": waiting.pk for name in desk},
        **{f"api-moderation-{name}:slug": school.slug for name in ("institution", "verify")},
        **{f"api-{name}:slug": school.slug for name in (*ours, "institution-listing")},
        "api-institution-invitation:pk": asked.pk, "api-institution-listing:pk": Listing.objects.get().pk,
        "api-answer-invitation:code": asked.code,
        "api-moderation-collection:slug": gathered.slug, "api-collection:slug": gathered.slug,
        "courses:shared_institution:slug": school.slug, "courses:shared_institution:stamp": sharing.stamp(school),
        "institutions:slug": school.slug, "api-institution:slug": school.slug, "institutions:code": asked.code,
        "api-institution-members:slug": school.slug, "api-institution-member:slug": school.slug,
        "api-institution-member:pk": member.pk, "institutions:change_role:pk": member.pk,
        "institutions:withdraw_invitation:pk": asked.pk, "moderation:institution:slug": school.slug,
        "studio:list_course:slug": school.slug, "studio:end_listing:slug": school.slug,
        "studio:end_listing:pk": Listing.objects.get().pk,
        "courses:collection:slug": gathered.slug, "moderation:collection:slug": gathered.slug,
        "learners:skill_card:code": SkillCard.objects.show(lin).code,
    }  # fmt: skip
