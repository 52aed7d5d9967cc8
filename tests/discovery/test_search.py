"""Search: a fixed set of questions in English and Chinese, each with the course that must be found."""

import io

import pytest
from django.core.management import call_command

from accounts.models import User
from courses.models import Course
from discovery import index
from discovery.finding import matching
from discovery.models import Entry
from marketplace.lib import words as cutting
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db

COURSES = {
    "python": ("Python for people who count", "Spreadsheets to programs", "en"),
    "cpp": ("Modern C++ in practice", "Memory, moves and templates", "en"),
    "pottery": ("Throwing your first bowls", "Pottery at the wheel, glazing and firing", "en"),
    "ml": ("机器学习入门", "从线性回归到神经网络，用数据说话", "zh-hans"),
    "calculus": ("微积分不难", "极限、导数与积分的直观理解", "zh-hans"),
    "live": ("直播带货从零开始", "选品、话术与复盘", "zh-hans"),
    "paper": ("剪纸：一把剪刀的非遗", "跟陕北老艺人学窗花", "zh-hans"),
    "django": ("Django 实战", "用 Python 写一个网站", "zh-hans"),
}
QUESTIONS = {
    "python": ["python", "spreadsheet", "counting people"],
    "cpp": ["c++", "template"],
    "pottery": ["glaze", "bowl", "pottery wheel", "POTTERY"],
    "ml": ["学习", "机器学习", "機器學習", "数据", "神经网络", "网络", "回归"],
    "calculus": ["微积", "积分", "微积分", "导数", "怎么学微积分"],
    "live": ["直播", "带货", "直播带货", "带货直播", "选品", "直播 选品"],
    "paper": ["剪纸", "非遗", "窗花", "剪", "陕北"],
    "django": ["django", "网站", "python 网站", "Django实战"],
}
SLIPS = {
    "python": ["pyhton", "pythn", "spreadshet"],
    "pottery": ["potery", "glazng"],
    "django": ["djang"],
}


@pytest.fixture
def catalogue(ada: User) -> dict[int, str]:
    made = {
        make_course(title=title, subtitle=subtitle, language=language, lessons=1).pk: name
        for name, (title, subtitle, language) in COURSES.items()
    }
    index.refresh()
    return made


def missed(questions: dict[str, list[str]], catalogue: dict[int, str]) -> list[tuple[str, list[str]]]:
    """Questions whose course is not among the first three answers, with what was found instead."""
    answers = []
    for name, asked in questions.items():
        for words in asked:
            found = [catalogue[course.pk] for course in matching(Course.objects.on_sale(), words)[:3]]
            if name not in found:
                answers.append((words, found))
    return answers


def test_each_question_finds_its_course_among_the_first(catalogue: dict[int, str]) -> None:
    assert missed(QUESTIONS, catalogue) == []


def test_parts_of_words_and_slips_find_it_too(catalogue: dict[int, str]) -> None:
    assert missed(SLIPS, catalogue) == []


def test_a_whole_word_stands_before_a_part_of_one(catalogue: dict[int, str]) -> None:
    found = [catalogue[course.pk] for course in matching(Course.objects.on_sale(), "python")]
    assert found == ["python", "django"]


def test_words_that_nothing_answers_find_nothing(catalogue: dict[int, str]) -> None:
    for words in ("zzzzqqq", "量子力学", "'; DROP TABLE", "%", "!!!"):
        assert list(matching(Course.objects.on_sale(), words)) == [], words


def test_no_words_are_no_question(catalogue: dict[int, str]) -> None:
    assert matching(Course.objects.on_sale(), "  ").count() == len(COURSES)


def test_drafts_are_not_found(ada: User) -> None:
    make_course(title="Secret pottery", live=False)
    index.refresh(everything=True)
    assert not matching(Course.objects.on_sale(), "pottery").exists()


def test_a_lesson_and_a_creator_are_found_by_name(ada: User) -> None:
    course = make_course(title="Bread")
    index.refresh()
    assert matching(Course.objects.on_sale(), "Ada Lin").get() == course


def test_names_with_signs_are_words() -> None:
    assert cutting.normal("C++ and C# on .NET") == "cpp and csharp on dotnet"
    assert cutting.normal("機器學習") == "机器学习"


def test_the_index_can_be_written_anew(ada: User) -> None:
    course = make_course(title="Bread", lessons=1)
    assert not matching(Course.objects.on_sale(), "bread").exists()
    call_command("refresh_search", "--anew", stdout=io.StringIO())
    assert matching(Course.objects.on_sale(), "bread").get() == course
    Entry.objects.all().delete()
    call_command("refresh_search", stdout=io.StringIO())
    assert matching(Course.objects.on_sale(), "bread").get() == course
