import socket
import subprocess
import sys

import pytest

from marketplace.local import frontend, home, ports, testing


def test_secrets_are_made_once_and_are_nobody_else_s(tmp_path):
    first = home.local_secrets(tmp_path)
    assert home.local_secrets(tmp_path) == first
    assert len(first["KEZHAN_SECRET_KEY"]) > 50
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0


def test_lines_that_a_person_added_to_the_local_env_are_kept(tmp_path):
    (tmp_path / ".env").write_text("# mine\nEMAIL_HOST=mail.example\n")
    assert home.local_secrets(tmp_path)["EMAIL_HOST"] == "mail.example"


def test_a_folder_is_claimed_by_one_run_only(tmp_path):
    with home.claim(tmp_path, "Kezhan"), pytest.raises(home.LocalError, match="already runs"):
        home.claim(tmp_path, "Kezhan")


def test_a_run_that_was_killed_leaves_no_claim(tmp_path):
    code = "\n".join(
        [
            "import os; from pathlib import Path; from marketplace.local.home import claim",
            f"lock = claim(Path({str(tmp_path)!r}), 'Kezhan'); os.kill(os.getpid(), 9)",
        ]
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=home.ROOT, check=False).returncode == -9
    home.claim(tmp_path, "Kezhan").close()


def test_a_port_with_a_listener_is_not_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not ports.is_free(server.getsockname()[1])


@pytest.mark.parametrize(
    ("version", "fits"),
    [
        ("v20.19.0", True),
        ("v20.18.3", False),
        ("v18.20.1", False),
        ("v21.9.0", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.1.0", True),
        ("nonsense", False),
    ],
)
def test_node_is_taken_where_vite_takes_it(version, fits):
    assert frontend.is_new_enough(version) is fits


@pytest.mark.parametrize(
    ("arguments", "vitest", "pytest_"),
    [
        ([], [], []),
        (["-k", "ledger"], None, ["-k", "ledger"]),
        (["tests/marketplace"], None, ["tests/marketplace"]),
        (
            ["tests/test_house.py::test_modules_stay_short", "-x"],
            None,
            ["tests/test_house.py::test_modules_stay_short", "-x"],
        ),
        (["frontend/app.ts"], ["frontend/app.ts"], None),
        (["frontend", "tests"], ["frontend"], ["tests"]),
    ],
)
def test_paths_decide_which_runner_is_asked(arguments, vitest, pytest_):
    assert testing.split(arguments) == (vitest, pytest_)
