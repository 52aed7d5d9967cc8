"""What was written wins: slips, parts of words, pinyin and signs that sound alike stand behind it, or where nothing has
the very words.
"""

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Course
from discovery import asking, finding, index, questions, sounds
from discovery.asking import Answer, Wish
from discovery.models import Synonym
from tests.courses.factories import make_course
from tests.videos.films import text_file
from videos import captions

pytestmark = pytest.mark.django_db
SAID = "WEBVTT\n\n00:00:05.000 --> 00:00:09.000\nA dance of bees\n"


def shop(*titles: str, popular: str = "") -> None:
    """Courses called so; those that have `popular` in their title have many learners."""
    for title in titles:
        make_course(title=title, language="en" if title.isascii() else "zh-hans", lessons=1)
    if popular:
        Course.objects.filter(title__contains=popular).update(learners_count=100_000)
    index.refresh()
    index.refresh(everything=True)


def ask(words: str) -> Answer:
    return asking.ask(words, Wish({}, ("-rank", "-id"), own=frozenset()))


def found(words: str) -> list[str]:
    """Titles as the page shows them; but for what films say the API's list is the same."""
    titles = dict(Course.objects.values_list("pk", "title"))
    page = [titles[hit.course_id] for hit in ask(words).hits]
    listed = [course.title for course in finding.matching(Course.objects.listed(), words)]
    assert listed == [title for title in page if title in listed]
    return page


@pytest.mark.parametrize(
    ("words", "title", "sounds"),
    [
        ("database", "Databases without fear", "大塔巴色"),
        ("language", "Languages of the sea", "蓝瓜歌"),
        ("machine", "Machines that hum", "马吃呢"),
        ("cheng", "Cheng and her kitchen", "成语故事"),
        ("song", "One song a week", "宋词入门"),
        ("dance", "Dance at home", "单侧训练"),
        ("china", "China by train", "吃那家"),
    ],
)
def test_an_english_word_that_spells_pinyin_finds_itself_first(
    client: Client, ada: User, words: str, title: str, sounds: str
) -> None:
    shop(title, sounds, *(f"{sign}大全" for sign in sounds), popular=sounds)
    assert found(words)[0] == title
    answer = ask(words)
    assert (answer.good, answer.question.instead) == (1, "")
    assert "Did you mean" not in client.get("/search/", {"q": words}).content.decode()


def test_a_word_stands_before_those_that_it_is_a_part_of(ada: User) -> None:
    shop("Art for two", "Start a party", "Smart starts", popular="tart")
    assert found("art") == ["Art for two", *found("art")[1:]]
    assert len(found("art")) == 3
    assert ask("art").good == 1


def test_what_a_film_says_stands_before_what_was_perhaps_meant(ada: User) -> None:
    shop("Bees at work", "单侧训练")
    film = Course.objects.get(title="Bees at work").live_lessons()[0].video
    captions.put(film, language="en", file=text_file(SAID))
    index.refresh()
    titles = dict(Course.objects.values_list("pk", "title"))
    answer = ask("dance")
    assert [titles[hit.course_id] for hit in answer.hits] == ["Bees at work", "单侧训练"]
    assert (len(answer.films), answer.good) == (1, 0)


@pytest.mark.parametrize(
    ("words", "title"),
    [("jianzhi", "剪纸入门"), ("jian zhi", "剪纸入门"), ("zhi bo dai huo", "直播带货"), ("jq", "机器学习")],
)
def test_pinyin_and_first_letters_are_understood_where_nothing_is_written_so(ada: User, words: str, title: str) -> None:
    shop("剪纸入门", "直播带货", "机器学习", "Slow bread")
    assert found(words)[:1] == [title]
    assert ask(words).good == 0


@pytest.mark.parametrize(
    ("words", "title"),
    [("jīqì xuéxí", "机器学习"), *((words, "旅游摄影") for words in ("Lǚyóu", "lüyou", "lǘyou", "lvyóu"))],
)
def test_pinyin_is_heard_with_its_tones_too(ada: User, words: str, title: str) -> None:
    shop("机器学习", "旅游摄影", "Slow bread")
    assert found(words)[:1] == [title]
    assert sounds.typed("lüè Xī'ān ňg") == "lve Xi'an ng"


def test_words_of_other_languages_keep_their_accents(ada: User) -> None:
    shop("Año nuevo en la cocina", "Un été à Paris", "Mañana", "马拿那", "阿哦", "恶特")
    for words, title in (("año", "Año nuevo en la cocina"), ("été", "Un été à Paris"), ("mañana", "Mañana")):
        assert found(words)[0] == title
        assert ask(words).good == 1


def test_pinyin_of_words_stands_behind_the_same_letters(ada: User) -> None:
    shop("Shufa, or how to hold a brush", "书法入门", popular="书法")
    assert found("shufa") == ["Shufa, or how to hold a brush", "书法入门"]


def test_words_that_courses_have_apart_are_heard_together(ada: User) -> None:
    shop("Jian makes bread", "Zhi sews", "剪纸入门")
    assert found("jian zhi") == ["剪纸入门"]


def test_single_signs_are_heard_side_by_side_alone(ada: User) -> None:
    shop("马与茶", "红茶马灯")
    assert found("chama") == ["红茶马灯"]
    assert ask("chama").question.instead == ""


def test_a_rare_one_of_many_signs_of_a_sound_is_heard_too(ada: User) -> None:
    shop("裁剪辑录", *(f"木{sign}土" for sign in "机击基季极积级计"))
    assert found("jianji") == ["裁剪辑录"]


def test_of_many_words_the_longest_are_asked_for(ada: User) -> None:
    shop("Throwing, trimming, glazing, firing, selling and shipping pots")
    title = Course.objects.get().title
    assert found("so we go throwing trimming glazing firing selling shipping zz yy") == [title]
    assert ask("throwing trimming glazing firing selling shipping").good == 1


def test_what_was_looked_for_in_vain_is_not_asked_twice(ada: User) -> None:
    shop("Bees", "Wool", "Bread")
    assert len(found("bees wool")) == 2
    assert questions.Question("x", (questions.Term("x"),), meant=(questions.Term("x"),), is_vain=True).levels() == [
        (questions.MEANT, ("''::tsquery", []))
    ]


def test_two_of_many_words_in_letters_and_in_signs_say_that_no_course_has_all(ada: User) -> None:
    shop("Cooking 摄影 at home", "Cooking at night", "摄影入门")
    both, letters, signs = "home cooking 摄影", "night cooking home", "home 摄影"
    assert [questions.plain(words).pair() is None for words in (both, letters, signs)] == [False, True, True]
    assert questions.any_of(questions.plain(both)).pair() is None, "any of them will do"
    assert found(both) == ["Cooking 摄影 at home"]
    # Asked for by its two first, and found by none: each word is enough then.
    assert ask("kettle 入门 cooking").question.needs_all is False
    assert set(found("kettle 入门 cooking")) == {"摄影入门", "Cooking at night", "Cooking 摄影 at home"}
    # Both of the two stand in one course, and not all of them.
    assert ask("nobody cooking 摄影").good == 0


def test_one_slip_is_nearer_than_single_signs(ada: User) -> None:
    shop("Dense bread", "彩蛋色纸")
    assert ask("danse").question.instead == "dense"
    assert found("danse") == ["Dense bread"]


def test_a_longer_word_is_meant_by_its_beginning_before_another_by_two_slips(ada: User) -> None:
    shop("PostgreSQL by heart", "Postage stamps", popular="Postage")
    assert ask("postgre").question.instead == "postgresql"
    assert set(found("postgre")) == {"PostgreSQL by heart", "Postage stamps"}


def test_of_words_that_no_course_has_together_those_that_courses_have_are_taken_as_they_are(ada: User) -> None:
    shop("Art for two", "Beekeeping", "Start a party")
    assert set(found("art beekeeping")) == {"Art for two", "Beekeeping"}


def test_filters_that_leave_nothing_make_no_word_mean_another(client: Client, ada: User) -> None:
    shop("Databases without fear", "大塔巴色")
    page = client.get("/search/", {"q": "database", "language": "zh-hans", "level": "advanced"})
    assert page.context["results"].instead == ""


def test_words_of_taiwan_find_those_of_the_mainland_behind_themselves(ada: User) -> None:
    shop("短视频剪辑三十讲", "视频剪辑入门", "影片剪輯入門", popular="视频")
    assert found("影片剪輯")[0] == "影片剪輯入門"
    assert set(found("影片剪輯")) == {"短视频剪辑三十讲", "视频剪辑入门", "影片剪輯入門"}
    assert (ask("影片剪輯").good, ask("影片剪輯").question.instead) == (1, "")


def test_words_that_are_written_alike_on_both_sides_are_understood_where_they_find_little(ada: User) -> None:
    shop("视频入门", "影片大全")
    assert found("影片") == ["影片大全", "视频入门"]
    assert found("视频") == ["视频入门", "影片大全"]
    shop("影片甲", "影片乙")
    assert "视频入门" not in found("影片")


def test_a_synonym_is_found_by_words_of_taiwan_too(ada: User, sam: User) -> None:
    Synonym.objects.curate(Synonym(one="剪辑", other="后期"), by=sam)
    shop("视频剪辑入门", "影片后期", "视频后期")
    assert set(found("影片剪輯")) == {"视频剪辑入门", "影片后期"}
