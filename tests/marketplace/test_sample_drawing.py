import io

from PIL import Image, features

from marketplace.sample import drawing
from marketplace.sample.courses_en import COURSES as ENGLISH
from marketplace.sample.courses_zh import COURSES as CHINESE


def test_every_sign_of_the_sample_is_in_its_type() -> None:
    face = drawing.font(40)
    missing = bytes(face.getmask("\U0010fffd"))
    for plan in (*ENGLISH, *CHINESE):
        for text in (plan.title, *(lesson for lessons in plan.sections.values() for lesson in lessons)):
            assert not [sign for sign in text if not sign.isspace() and bytes(face.getmask(sign)) == missing], text


def test_a_cover_is_a_webp_of_sixteen_to_nine() -> None:
    assert features.check("webp")
    picture = Image.open(io.BytesIO(drawing.cover("竹编入门：一只圆口篮", "crafts-heritage", 3)))
    assert (picture.format, picture.size) == ("WEBP", (1280, 720))
