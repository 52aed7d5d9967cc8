"""What a new version changes, without a database."""

from dataclasses import replace
from uuid import UUID

from moderation import changes
from moderation.changes import LessonFacts, TextRun


def lesson(number: int, **facts: object) -> LessonFacts:
    plain = LessonFacts(
        UUID(int=number), f"Lesson {number}", "video", (1, number), "Start", False, f"film-{number}", ""
    )
    return replace(plain, **facts)


def kinds(before: list[LessonFacts], after: list[LessonFacts]) -> dict[int, tuple[str, ...]]:
    found = changes.between({}, {}, before, after)
    return {change.lesson.key.int: change.kinds for change in found.lessons}


class TestChanges:
    def test_are_none_between_equal_versions(self) -> None:
        tree = [lesson(1), lesson(2)]
        assert not changes.between({"title": "Knots"}, {"title": "Knots"}, tree, tree)

    def test_name_added_and_removed_lessons(self) -> None:
        assert kinds([lesson(1), lesson(2)], [lesson(1), lesson(3)]) == {2: ("removed",), 3: ("added",)}

    def test_follow_a_lesson_by_its_key_through_renaming_and_a_new_film(self) -> None:
        assert kinds([lesson(1)], [lesson(1, title="Bowline", film="other")]) == {1: ("renamed", "film")}

    def test_say_moved_only_for_the_lesson_that_moved(self) -> None:
        before = [lesson(1), lesson(2), lesson(3)]
        assert kinds(before, [before[2], before[0], before[1]]) == {3: ("moved",)}

    def test_do_not_say_moved_for_lessons_behind_an_insertion(self) -> None:
        assert kinds([lesson(1), lesson(2)], [lesson(9), lesson(1), lesson(2)]) == {9: ("added",)}

    def test_say_moved_when_only_the_section_differs(self) -> None:
        assert kinds([lesson(1)], [lesson(1, section="End")]) == {1: ("moved",)}

    def test_show_the_words_of_a_field(self) -> None:
        found = changes.between({"title": "Ten knots"}, {"title": "Nine knots"}, [], [])
        assert found.fields[0].runs == (
            TextRun("removed", "Ten"), TextRun("added", "Nine"), TextRun("same", " knots")
        )  # fmt: skip

    def test_go_by_characters_where_there_are_no_spaces(self) -> None:
        assert changes.text_runs("学会十个绳结", "学会九个绳结") == (
            TextRun("same", "学会"), TextRun("removed", "十"), TextRun("added", "九"), TextRun("same", "个绳结")
        )  # fmt: skip

    def test_show_lists_line_by_line(self) -> None:
        found = changes.between({"outcomes": ["Tie", "Untie"]}, {"outcomes": ["Tie", "Splice"]}, [], [])
        assert [run.kind for run in found.fields[0].runs] == ["same", "removed", "added"]
