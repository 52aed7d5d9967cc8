"""An app's first tables, made at once."""

from typing import Any

from django.db.migrations import CreateModel
from django.db.migrations.operations.base import Operation


class Tables(Operation):
    """All of `operations` in one: the tables as they are after the last of them.

    One after the other Django would put hundreds of models together anew for each of them, as all hang together by the
    accounts: minutes of its own time, for what takes PostgreSQL seconds.
    """

    def __init__(self, operations: list[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.__dict__.pop("apps", None)  # put together once, when somebody asks for it
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in self._models(app_label, schema_editor, to_state):
            schema_editor.create_model(model)  # what points to other tables comes last, whichever is first

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in reversed(self._models(app_label, schema_editor, from_state)):
            schema_editor.delete_model(model)

    def describe(self) -> str:
        return f"Make {len(self._names())} tables"

    def _names(self) -> list[str]:
        return [operation.name for operation in self.operations if isinstance(operation, CreateModel)]

    def _models(self, app_label: str, schema_editor: Any, state: Any) -> list[Any]:
        models = [state.apps.get_model(app_label, name) for name in self._names()]
        return [model for model in models if self.allow_migrate_model(schema_editor.connection.alias, model)]
