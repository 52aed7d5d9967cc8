"""A sweep goes on past the row that fails, and fails at its end."""

from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import User
from marketplace.lib import sweeps
from marketplace.lib.sweeps import SweepFailed

pytestmark = pytest.mark.django_db


def half(number: int) -> int:
    if number % 2:
        raise ValueError("odd")
    return number // 2


class TestEach:
    def test_does_every_row_and_tells_what_came_of_it(self) -> None:
        assert sweeps.each("halves", [2, 4, 6], half) == [1, 2, 3]

    def test_goes_on_past_the_one_that_fails_and_fails_at_the_end(self, caplog: pytest.LogCaptureFixture) -> None:
        done: list[int] = []
        with pytest.raises(SweepFailed, match="halves: 2 failed, 2 done; 1, 3") as failed:
            sweeps.each("halves", [1, 2, 3, 4], lambda number: done.append(half(number)))
        assert isinstance(failed.value.__cause__, ValueError)
        assert done == [1, 2]
        told = [record for record in caplog.records if record.getMessage() == "row_of_sweep_failed"]
        assert [(vars(record)["sweep"], vars(record)["row"]) for record in told] == [("halves", "1"), ("halves", "3")]
        assert all(record.exc_info for record in told)

    def test_is_not_filled_by_rows_that_always_fail(self) -> None:
        done: list[int] = []
        with pytest.raises(SweepFailed):
            sweeps.each("halves", [1, 3, 5, 2, 4, 6], lambda number: done.append(half(number)), most=2)
        assert done == [1, 2]

    def test_keeps_what_the_others_wrote(self, lin: User) -> None:
        def rename(name: str) -> None:
            with transaction.atomic():
                User.objects.filter(pk=lin.pk).update(name=name)
                if name == "twice":
                    User.objects.create(email=lin.email)

        with pytest.raises(SweepFailed):
            sweeps.each("names", ["first", "twice", "last"], rename)
        assert User.objects.get(pk=lin.pk).name == "last"

    def test_tells_once_of_a_sweep_within_a_sweep(self, caplog: pytest.LogCaptureFixture) -> None:
        def step(numbers: list[int]) -> Any:
            return sweeps.each("inner", numbers, half)

        with pytest.raises(SweepFailed, match="outer: 1 failed, 1 done"):
            sweeps.each("outer", [[1], [2]], step)
        assert [record.getMessage() for record in caplog.records].count("row_of_sweep_failed") == 1

    def test_stops_where_the_database_is_gone(self) -> None:
        seen: list[int] = []

        def fail(number: int) -> None:
            seen.append(number)
            # Nothing can be asked any more until the block ends: as a connection that was lost.
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1/0")

        with pytest.raises(Exception, match="division by zero"), transaction.atomic():
            sweeps.each("broken", [1, 2, 3], fail)
        assert seen == [1]
