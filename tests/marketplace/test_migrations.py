"""The migrations of before were written into few: databases that had them go on, and others are told."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, migrations, models
from django.db.migrations.exceptions import NodeNotFoundError
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from marketplace.lib.tables import Tables

pytestmark = pytest.mark.django_db


def replacing() -> dict[tuple[str, str], Any]:
    return MigrationLoader(connection).replacements


def forget(app: str, name: str) -> None:
    MigrationRecorder(connection).migration_qs.filter(app=app, name=name).delete()


def test_each_of_before_is_replaced_once_and_by_another_name() -> None:
    replaced = [old for migration in replacing().values() for old in migration.replaces]
    assert len(replaced) == len(set(replaced)) == 209
    assert not set(replaced) & set(replacing())


def test_a_database_that_had_them_all_has_nothing_to_do() -> None:
    for app, name in replacing():
        forget(app, name)
    call_command("migrate", check_unapplied=True, verbosity=0)
    call_command("migrate", verbosity=0)
    assert set(replacing()) <= set(MigrationRecorder(connection).applied_migrations())


@pytest.mark.parametrize("app", ["floor", "accounts", "courses", "learners", "payments", "moderation"])
def test_one_that_lacks_the_last_of_an_app_is_refused(app: str) -> None:
    (tables,) = (migration for key, migration in replacing().items() if key == (app, "0001_tables"))
    forget(*tables.replaces[-1])
    with pytest.raises(NodeNotFoundError):
        call_command("migrate", check_unapplied=True, verbosity=0)


class TestTables:
    """Made at once they are as if made one after the other, and go again."""

    ID = ("id", models.BigAutoField(primary_key=True))

    @pytest.fixture
    def together(self) -> Tables:
        return Tables(
            [
                migrations.CreateModel("Leaf", [self.ID, ("name", models.CharField(max_length=9))]),
                migrations.CreateModel("Tree", [self.ID]),
                migrations.AddField("leaf", "tree", models.ForeignKey("floor.tree", models.CASCADE)),
                migrations.AddIndex("leaf", models.Index(fields=["name"], name="leaf_name")),
                migrations.AddConstraint("tree", models.CheckConstraint(condition=models.Q(id__gt=0), name="tree_id")),
            ]
        )

    def test_come_with_fields_indexes_and_constraints_and_go(self, together: Tables) -> None:
        before = ProjectState.from_apps(apps)
        after = before.clone()
        together.state_forwards("floor", after)
        with connection.schema_editor() as editor:
            together.database_forwards("floor", editor, before, after)
        with connection.cursor() as cursor:
            leaf = connection.introspection.get_constraints(cursor, "floor_leaf")
            assert leaf["leaf_name"]["columns"] == ["name"]
            assert [each["foreign_key"] for each in leaf.values() if each["foreign_key"]] == [("floor_tree", "id")]
            assert "tree_id" in connection.introspection.get_constraints(cursor, "floor_tree")
        with connection.schema_editor() as editor:
            together.database_backwards("floor", editor, after, before)
        assert not {"floor_leaf", "floor_tree"} & set(connection.introspection.table_names())
