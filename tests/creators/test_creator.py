"""Creator: becoming one, and the pages of a profile."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, User
from creators.models import Creator, Suspension
from creators.models.creator import AlreadyCreator
from creators.models.suspension import AlreadySuspended
from marketplace.lib.errors import NotAllowed
from tests.courses.factories import make_course, make_picture

pytestmark = pytest.mark.django_db


def test_a_person_becomes_a_creator_once(cole: User) -> None:
    Creator.objects.become(user=cole, name="Cole Works")
    assert cole.creator_or_none.slug == "cole-works"
    with pytest.raises(AlreadyCreator):
        Creator.objects.become(user=cole, name="Cole Again")


def test_two_creators_of_one_name_have_two_addresses(cole: User, lin: User) -> None:
    one = Creator.objects.become(user=cole, name="Studio")
    two = Creator.objects.become(user=lin, name="Studio")
    chinese = Creator.objects.visible()
    assert one.slug == "studio"
    assert two.slug.startswith("studio-")
    assert chinese.count() == 2


def test_words_of_addresses_are_not_taken_by_names(cole: User) -> None:
    assert Creator.objects.become(user=cole, name="Become").slug.startswith("become-")


def test_an_empty_name_is_refused(cole: User) -> None:
    with pytest.raises(ValidationError):
        Creator.objects.become(user=cole, name="  ")


def test_a_portrait_is_drawn_anew_as_a_square(cole: User) -> None:
    creator = Creator.objects.become(user=cole, name="Cole", portrait=make_picture(900, 600))
    assert creator.portrait.name.endswith(".webp")
    assert (creator.portrait.width, creator.portrait.height) == (480, 480)


def test_a_text_named_as_a_picture_is_refused(cole: User) -> None:
    fake = SimpleUploadedFile("me.png", b"no picture at all", "image/png")
    with pytest.raises(ValidationError) as refusal:
        Creator.objects.become(user=cole, name="Cole", portrait=fake)
    assert "portrait" in refusal.value.message_dict
    assert not Creator.objects.exists()


def test_a_suspension_is_kept_after_it_is_lifted(ada: User, sam: User, cole: User) -> None:
    creator = ada.creator
    with pytest.raises(NotAllowed):
        Suspension.objects.suspend(creator=creator, by=cole, rule_code="fraud", reason="No")
    suspension = Suspension.objects.suspend(creator=creator, by=sam, rule_code="fraud", reason="Stolen")
    with pytest.raises(AlreadySuspended):
        Suspension.objects.suspend(creator=creator, by=sam, rule_code="fraud", reason="Stolen")
    assert not Creator.objects.visible().exists()
    suspension.lift(by=sam, reason="Mistaken")
    assert creator.suspensions.get().reason == "Stolen"
    assert Creator.objects.visible().exists()


def test_the_page_makes_a_creator_and_opens_the_studio(client: Client, cole: User) -> None:
    client.force_login(cole)
    assert client.get(reverse("creators:become")).status_code == 200
    sent = {"name": "Cole Works", "headline": "Wood", "bio": "I plane.", "country": "US", "portrait": make_picture()}
    client.post(reverse("creators:become"), sent)
    creator = Creator.objects.get(user=cole)
    assert (creator.name, creator.country) == ("Cole Works", "US")
    assert creator.portrait


def test_a_wrong_form_keeps_what_was_written(client: Client, cole: User) -> None:
    client.force_login(cole)
    fake = SimpleUploadedFile("me.png", b"no picture", "image/png")
    response = client.post(reverse("creators:become"), {"name": "Cole Works", "bio": "Kept", "portrait": fake})
    assert response.status_code == 422
    assert "Kept" in response.content.decode()
    assert "portrait" in response.context["form"].errors


def test_a_profile_shows_the_creator_and_her_courses(
    client: Client, ada: User, django_assert_num_queries: object
) -> None:
    for number in range(3):
        make_course(title=f"Course {number}", lessons=1)
    make_course(title="Not yet", live=False)
    address = ada.creator.get_absolute_url()
    # One of them asks for her bundles, one for cards that nobody has drawn, and one who offers memberships at all.
    with django_assert_num_queries(7):
        page = client.get(address).content.decode()
    with django_assert_num_queries(5):
        client.get(address, {"drawn": "anew"})
    assert "Ada Lin Studio" in page
    assert "Course 2" in page
    assert "Not yet" not in page


def test_only_its_owner_edits_a_profile(client: Client, ada: User, cole: User) -> None:
    client.force_login(cole)
    assert client.get(reverse("creators:edit")).status_code == 404
    client.force_login(ada)
    client.post(reverse("creators:edit"), {"name": "Ada", "headline": "New", "bio": ""})
    assert Creator.objects.get(user=ada).headline == "New"


def test_the_api_makes_reads_and_changes_a_creator(client: Client, cole: User, lin: User) -> None:
    door = {"Authorization": f"Bearer {ApiToken.objects.issue(cole, 'test')}"}
    made = client.post("/api/v1/creators/", {"name": "Cole Works"}, content_type="application/json", headers=door)
    assert (made.status_code, made.json()["slug"]) == (201, "cole-works")
    again = client.post("/api/v1/creators/", {"name": "Two"}, content_type="application/json", headers=door)
    assert (again.status_code, again.json()["code"]) == (409, "already_creator")
    own, stranger = door, {"Authorization": f"Bearer {ApiToken.objects.issue(lin, 'test')}"}
    address = "/api/v1/creators/cole-works/"
    changed = client.patch(address, {"bio": "B"}, content_type="application/json", headers=own)
    assert changed.json()["bio"] == "B"
    refused = client.patch(address, {"bio": "x"}, content_type="application/json", headers=stranger)
    assert refused.status_code == 404
    assert client.get(address).json()["bio"] == "B"


def test_the_api_takes_a_portrait(client: Client, cole: User) -> None:
    door = {"Authorization": f"Bearer {ApiToken.objects.issue(cole, 'test')}"}
    picture = io.BytesIO(make_picture().read())
    picture.name = "me.png"
    made = client.post("/api/v1/creators/", {"name": "Cole", "portrait": picture}, headers=door)
    assert made.status_code == 201, made.content
    assert made.json()["portrait"].endswith(".webp")
