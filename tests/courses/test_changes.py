"""What a new version changes, without a database."""

from dataclasses import replace
from itertools import combinations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from courses import changes
from courses.changes import LessonFacts, TextRun
from courses.serializers import LessonChangeSerializer


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

    def test_have_every_kind_of_which_the_api_tells(self) -> None:
        told = LessonChangeSerializer().fields["kinds"].help_text
        assert told == "any of " + ", ".join(changes.KINDS)
        before = [lesson(1), lesson(2), lesson(3), lesson(4)]
        other = dict.fromkeys(("title", "film", "article", "files", "quiz", "assignment"), "other")
        after = [before[2], before[1], lesson(1, is_preview=True, **other), lesson(9)]
        found = {kind for every in kinds(before, after).values() for kind in every}
        assert found == set(changes.KINDS)

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

    def test_say_renamed_of_a_section_and_nothing_of_its_lessons(self) -> None:
        key = UUID(int=99)
        found = changes.between({}, {}, [lesson(1, section_key=key)], [lesson(1, section_key=key, section="The start")])
        assert found.lessons == ()
        assert [(one.kind, one.before, one.title) for one in found.sections] == [("renamed", "Start", "The start")]

    def test_say_moved_of_a_section_and_nothing_of_its_lessons(self) -> None:
        one, two = (
            [lesson(n, section=f"Part {part}", section_key=UUID(int=90 + part)) for n in numbers]
            for part, numbers in ((1, (1, 2)), (2, (3, 4)))
        )
        found = changes.between({}, {}, one + two, two + one)
        assert found.lessons == ()
        assert len(found.sections) == 1
        assert found.sections[0].kind == "moved"


# A tree for the laws below: sections by number, each with its lessons.
Tree = list[tuple[int, str, list[LessonFacts]]]
TITLES = st.sampled_from(["a", "b", "c"])


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Any order of any of eight lessons in any of four sections, with any facts."""
    numbers = draw(st.permutations(range(8)))[: draw(st.integers(0, 8))]
    sections = draw(st.permutations(range(4)))[: draw(st.integers(1, 4))]
    tree: Tree = [(number, draw(TITLES), []) for number in sections]
    for number in numbers:
        facts = {name: draw(TITLES) for name in ("title", "film", "article", "files", "quiz", "assignment")}
        one = lesson(number, is_preview=draw(st.booleans()), **facts)
        draw(st.sampled_from(tree))[2].append(one)
    return tree


def flat(tree: Tree) -> list[LessonFacts]:
    return [
        replace(one, section=title, section_key=UUID(int=100 + number)) for number, title, held in tree for one in held
    ]


def stays_in_order(before: list[UUID], after: list[UUID]) -> bool:
    return [key for key in before if key in after] == [key for key in after if key in before]


class TestLaws:
    @given(trees(), trees())
    def test_each_kind_is_said_exactly_where_it_is_so(self, first: Tree, second: Tree) -> None:
        before, after = flat(first), flat(second)
        found = changes.between({}, {}, before, after)
        told = {one.lesson.key: set(one.kinds) - {"moved"} for one in found.lessons}
        old, new = {one.key: one for one in before}, {one.key: one for one in after}
        names = {"renamed": "title", "film": "film", "article": "article", "files": "files", "quiz": "quiz",
                 "assignment": "assignment", "preview": "is_preview"}  # fmt: skip
        for key in old.keys() | new.keys():
            if key not in old or key not in new:
                expected = {"added" if key in new else "removed"}
            else:
                expected = {kind for kind, name in names.items() if getattr(old[key], name) != getattr(new[key], name)}
            assert told.get(key, set()) == expected

    @given(trees(), trees())
    def test_what_moved_explains_the_new_order_with_the_fewest_lessons(self, first: Tree, second: Tree) -> None:
        before, after = flat(first), flat(second)
        moved = {one.lesson.key for one in changes.between({}, {}, before, after).lessons if "moved" in one.kinds}
        sections = {one.key: one.section_key for one in before}
        for section in {one.section_key for one in after}:
            old = [one.key for one in before if one.section_key == section]
            new = [one.key for one in after if one.section_key == section and sections.get(one.key) == section]
            assert stays_in_order(old, [key for key in new if key not in moved])
            fewer = sum(key in moved for key in new) - 1
            assert not any(
                stays_in_order(old, [key for key in new if key not in out])
                for out in (combinations(new, fewer) if fewer >= 0 else [])
            )
        elsewhere = {one.key for one in after if sections.get(one.key, one.section_key) != one.section_key}
        assert elsewhere <= moved

    @given(trees())
    def test_nothing_differs_from_itself(self, tree: Tree) -> None:
        assert not changes.between({}, {}, flat(tree), flat(tree))
