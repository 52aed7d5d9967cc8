"""The tests' database is made anew when a migration changed, and goes on from the one before when one was added."""

from pathlib import Path

import pytest

from marketplace.local.home import ROOT
from marketplace.local.template import goes_on, read_sources


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for path, text in {
        "shop/migrations/0001_first.py": "import shop.models.cart\nfrom marketplace.lib import money\n",
        "shop/models/cart.py": "def folder(): ...\n",
        "shop/models/order.py": "class Order: ...\n",
        "marketplace/lib/money.py": "from .errors import DomainError\n",
        "marketplace/lib/errors.py": "",
        "marketplace/lib/clock.py": "",
        "requirements.txt": "django\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def test_an_added_migration_goes_on_from_the_database_before(project: Path) -> None:
    before = read_sources(project)
    (project / "shop/migrations/0002_second.py").write_text("")
    now = read_sources(project)
    assert now != before
    assert goes_on(before, now)
    assert not goes_on(now, before), "a migration that is gone cannot be undone by going on"


@pytest.mark.parametrize(
    "path",
    [
        "shop/migrations/0001_first.py",
        "shop/models/cart.py",
        "marketplace/lib/money.py",
        "marketplace/lib/errors.py",
        "requirements.txt",
    ],
)
def test_what_a_migration_is_made_of_makes_it_anew(project: Path, path: str) -> None:
    before = read_sources(project)
    (project / path).write_text((project / path).read_text() + "# another text\n")
    assert read_sources(project) != before
    assert not goes_on(before, read_sources(project))


@pytest.mark.parametrize("path", ["shop/models/order.py", "marketplace/lib/clock.py"])
def test_what_no_migration_names_changes_nothing(project: Path, path: str) -> None:
    before = read_sources(project)
    (project / path).write_text("class Order: paid = True\n")
    assert read_sources(project) == before


def test_an_added_migration_may_name_what_none_named_before(project: Path) -> None:
    before = read_sources(project)
    (project / "shop/migrations/0002_second.py").write_text("import marketplace.lib.clock\n")
    now = read_sources(project)
    assert "marketplace/lib/clock.py" in now
    assert goes_on(before, now)


def test_a_half_made_database_is_never_gone_on_from() -> None:
    assert not goes_on({"": ""}, read_sources(ROOT))


def test_our_own_migrations_name_models_that_are_read() -> None:
    named = {"payments/models/payout.py", "discovery/sounds.py", "learners/fields.py", "marketplace/lib/tables.py"}
    assert named <= read_sources(ROOT).keys()
