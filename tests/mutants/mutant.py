"""What a mutant is, and how it is put into a copy of the source or into a test's database."""

import os
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

SQL = "KEZHAN_MUTANT_SQL"


@dataclass(frozen=True)
class Mutant:
    """One rule taken away: `old` becomes `new` in `path`, or `sql` spoils the database. `killer` is the test's id."""

    name: str
    killer: str
    path: str = ""
    old: str = ""
    new: str = ""
    sql: str = ""

    def applies(self, root: Path) -> bool:
        """Whether the text that it changes stands there, once."""
        return bool(self.sql) or (root / self.path).read_text().count(self.old) == 1

    def spoil(self, root: Path) -> None:
        """Change the copy of the source below `root`."""
        if self.path:
            file = root / self.path
            file.write_text(file.read_text().replace(self.old, self.new))


def spoil_database() -> None:
    """Called once the tests' database is there: takes away what the mutant under trial says, or nothing."""
    if sql := os.environ.get(SQL):
        with connection.cursor() as cursor:
            cursor.execute(sql)
