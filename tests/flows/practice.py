"""A live course with a film, files, a picture and quizzes that Lin has: what the addresses of practice name."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from courses.models import Attachment, Course, Picture
from learners import attempts, reviewing
from learners.assignments import appeals, assessing, handing_in
from learners.models import PeerTurn, ReviewCard
from tests import cast
from tests.courses.assignments import add_assignment, assignment_of, make_assignment_course, marks
from tests.courses.factories import make_course, make_picture, publish
from tests.courses.quizzes import add_quiz
from tests.learners.factories import enroll
from tests.learners.works import hand_in


def pdf(name: str = "plan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7 a plan")


def make_practice_course() -> Course:
    course = make_course(title="Practised", live=False, lessons=1)
    section = course.draft.sections.first()
    add_quiz(section, "First quiz")
    add_quiz(section, "Second quiz")
    Attachment.add(section.add_lesson("Take away", "file"), pdf())
    article = section.add_lesson("Read", "article")
    picture = Picture.add(article, make_picture(), by=course.creator.user)
    article.edit(article=f"Look: ![A bowl](picture:{picture.pk}) and $a^2$.")
    publish(course.draft)
    return Course.objects.select_related("creator__user", "live_version").get(pk=course.pk)


def objects(course: Course, draft: Course, lin: User) -> dict[str, Any]:
    """By the names that tests/flows/world.py looks for."""
    enroll(lin, course)
    first, second = course.live_lessons().filter(kind="quiz").select_related("version__course")
    files, article = (course.live_lessons().get(kind=kind) for kind in ("file", "article"))
    done = attempts.submit(lin, attempts.start(lin, first).pk, {})
    ReviewCard.objects.update(due_at=done.closed_at)
    card = ReviewCard.objects.filter(learner=lin).order_by("pk")[0]
    reviewed = reviewing.answer(lin, card.pk, None, answers_seen=1)
    begun = attempts.start(lin, second)
    section = draft.draft.sections.first()
    own_quiz = add_quiz(section, "In the draft")
    own_file = Attachment.add(section.add_lesson("In the draft", "file"), pdf())
    question = own_quiz.questions.questions[1].id
    found: dict[str, Any] = {"question": question}
    for view in ("add_question", "question", "move_question", "remove_question"):
        found[f"studio:{view}:pk"] = own_quiz.pk
    for view in ("api-studio-quiz", "api-studio-questions", "api-studio-question", "api-studio-question-move"):
        found[f"{view}:pk"] = own_quiz.pk
    for view in ("studio:add_file", "studio:remove_file", "studio:add_picture"):
        found[f"{view}:pk"] = own_file.lesson_id
    for view in ("api-studio-files", "api-studio-pictures"):
        found[f"{view}:pk"] = own_file.lesson_id
    for view in ("api-attempt", "api-attempt-answers", "api-attempt-submit"):
        found[f"{view}:pk"] = begun.pk
    for view in ("start_attempt", "attempt", "submit_attempt"):
        found |= {f"learners:{view}:slug": course.slug, f"learners:{view}:key": second.key}
        found[f"learners:{view}:number"] = begun.number
    for view in ("api-lesson-quiz", "api-attempts", "api-item-figures"):
        found[f"{view}:key"] = second.key
    found |= {"api-lesson-files:key": files.key, "learners:file:key": files.key}
    found |= {"learners:picture:key": article.key, "learners:picture:pk": Picture.objects.get().pk}
    found |= {"learners:file:file": files.files.get().key, "studio:remove_file:file": own_file.pk}
    found |= {"api-studio-file:pk": own_file.pk, "learners:reviewed:pk": reviewed.pk}
    return found


def assignment_objects(draft: Course, lin: User) -> dict[str, Any]:
    """A work of Lin's whose result she objects to, a file of it, another one's work before her, and a draft of hers."""
    by_peers = assignment_of(make_assignment_course("Peers", reviewing="peers"))
    work = hand_in(cast.person("Mia"), by_peers)
    hand_in(lin, by_peers)
    turn = PeerTurn.objects.give(work, lin, work.handed_in_at)
    creator = by_peers.version.course.creator.user
    marked = assignment_of(make_assignment_course("Marked"))
    enroll(lin, marked.version.course)
    file = handing_in.add_file(lin, marked, pdf())
    objected = hand_in(lin, marked)
    assessing.assess_as_creator(creator, objected.pk, marks(marked, "Flat", "None"), "Thin it")
    appeals.appeal(lin, marked, 1, "The picture shows another bowl.")
    fresh = assignment_of(make_assignment_course("Fresh"))
    enroll(lin, fresh.version.course)
    kept = handing_in.add_file(lin, fresh, pdf())
    own = add_assignment(draft.draft.sections.first(), "In the draft")
    found: dict[str, Any] = {"criterion": own.assigned.criteria[0].id, "api-draft-file:file": kept.key}
    for view in ("add_criterion", "criterion", "move_criterion", "remove_criterion"):
        found[f"studio:{view}:pk"] = own.pk
    for view in ("api-studio-assignment", "api-studio-criteria", "api-studio-criterion", "api-studio-criterion-move"):
        found[f"{view}:pk"] = own.pk
    for view in ("learners:hand_in", "learners:assess", "api-studio-hand-in", "api-studio-assess", "api-studio-rule"):
        found[f"{view}:pk"] = objected.pk
    for view in ("start_draft", "hand_in_work"):
        found |= {f"learners:{view}:slug": fresh.version.course.slug, f"learners:{view}:key": fresh.key}
    for view in ("take_turn", "peer_review"):
        found |= {f"learners:{view}:slug": by_peers.version.course.slug, f"learners:{view}:key": by_peers.key}
    found |= {"learners:peer_review:pk": turn.pk, "api-peer-review:pk": turn.pk, "api-peer-reviews:key": by_peers.key}
    for view in ("api-assignment", "api-draft", "api-draft-files", "api-draft-file", "api-hand-ins"):
        found[f"{view}:key"] = fresh.key
    found |= {"learners:appeal_result:slug": marked.version.course.slug, "learners:appeal_result:key": marked.key}
    found |= {"learners:appeal_result:number": 1, "api-hand-in-appeal:key": marked.key, "api-hand-in-appeal:number": 1}
    return found | {"learners:hand_in_file:key": file.key}
