"""The commands as somebody types them: refused in one sentence, and ended without a trace."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from shutil import copy, copytree

import httpx2
import pytest

from outreach.settings import Settings
from tests.harness.commands import PATIENCE_S, run
from tests.harness.databases import empty_sqlite, free_port

OUTREACH = str(Path(sys.executable).parent / "outreach")
ROOT = Path(__file__).parents[1]


def environment(folder: Path, port: int) -> dict[str, str]:
    """A clean one, with everything in `folder`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OUTREACH_")}
    files = {"DATABASE_URL": f"sqlite:///{folder / 'o.sqlite3'}", "OUTREACH_KEYS_FILE": str(folder / "keys.json")}
    return kept | files | {"PORT": str(port)}


def typed(folder: Path, *words: str, port: int = 1) -> subprocess.CompletedProcess[str]:
    if not (folder / "o.sqlite3").exists():
        copy(empty_sqlite(), folder / "o.sqlite3")
    return run(*words, env=environment(folder, port), cwd=folder)


@pytest.mark.slow
def test_a_source_that_is_there_already_is_named_with_the_way_to_a_new_token(tmp_path: Path) -> None:
    assert typed(tmp_path, "source", "add", "police", "City Police").returncode == 0
    again = typed(tmp_path, "source", "add", "police", "City Police")
    assert again.returncode == 1 and "There is a source police already" in again.stderr
    source_id = again.stderr.split("outreach token source ")[1].split("`")[0]
    token = typed(tmp_path, "token", "source", source_id)
    assert token.returncode == 0 and token.stdout.strip()


@pytest.mark.slow
def test_the_first_admin_is_made_and_let_in_by_command(tmp_path: Path) -> None:
    token = typed(tmp_path, "coordinator", "add", "Cleo", "--role", "admin")
    assert token.returncode == 0 and token.stdout.startswith("adm_")
    link = typed(tmp_path, "invite", "coordinator", "Cleo")
    assert link.returncode == 0 and "/board#/join/" in link.stdout and "once" in link.stderr
    looked = typed(tmp_path, "audit", "01a21b18-622e-7f77-9fca-4b861a36f3ef")
    assert (looked.returncode, looked.stdout) == (0, "Nobody looked.\n")
    exported = typed(tmp_path, "audit", "01a21b18-622e-7f77-9fca-4b861a36f3ef", "--csv")
    assert exported.stdout.strip() == "at,who,organisation,outreach_id,how"


@pytest.mark.slow
@pytest.mark.parametrize("words", [("serve",), ("stand-in", "--port")])
def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        refused = typed(tmp_path, *words, *([str(port)] if len(words) > 1 else []), port=port)
    assert refused.returncode == 1 and f"Cannot listen on port {port}" in refused.stderr
    assert "listens on" not in refused.stdout and "Traceback" not in refused.stderr


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_product_stops_cleanly_when_it_is_told_to(tmp_path: Path, ending: signal.Signals) -> None:
    port = free_port()
    copy(empty_sqlite(), tmp_path / "o.sqlite3")
    given = environment(tmp_path, port)
    serving = subprocess.Popen(
        [OUTREACH, "serve"], env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert serving.stdout is not None and "listens on" in serving.stdout.readline()
        httpx2.get(f"http://127.0.0.1:{port}/docs", timeout=PATIENCE_S, trust_env=False)
        serving.send_signal(ending)
        said = serving.communicate(timeout=PATIENCE_S)
        assert serving.returncode == 0 and "Traceback" not in said[1]
    finally:
        serving.kill()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"PORT": "abc"}, "PORT: "),
        ({"DATABASE_URL": "mysql://db/x"}, "DATABASE_URL is `sqlite:///FILE` or"),
        ({"DATABASE_URL": "postgres://db:port/x"}, "DATABASE_URL is `sqlite:///FILE` or"),
        ({"DATABASE_URL": "postgres://u:hidden@127.0.0.1:1/x"}, "The database of DATABASE_URL cannot be reached"),
        ({"DATABASE_URL": "sqlite:////dev/null/o.sqlite3"}, "The file of DATABASE_URL cannot be written"),
    ],
)
@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_wrong_setting_is_said_in_one_sentence(
    tmp_path: Path, command: str, wrong: dict[str, str], said: str
) -> None:
    given = environment(tmp_path, 1) | wrong
    told = run(command, env=given, cwd=tmp_path)
    assert told.returncode == 1 and told.stderr.startswith("Error: ") and said in told.stderr
    assert told.stderr.count("\n") == 1 and "hidden" not in told.stderr


def test_the_public_address_is_where_it_listens_unless_another_is_set() -> None:
    assert Settings(host="::1", port=9000).public_url == "http://[::1]:9000"
    assert Settings(port=9000, public_url="https://care.example").public_url == "https://care.example"


@pytest.mark.slow
def test_the_recipe_for_a_changed_table_finds_the_tables(tmp_path: Path) -> None:
    for name in ("outreach", "pyproject.toml"):
        (copytree if (ROOT / name).is_dir() else copy)(ROOT / name, tmp_path / name)
    tortoise, old = Path(OUTREACH).with_name("tortoise"), set(tmp_path.glob("outreach/models/migrations/*.py"))
    table = tmp_path / "outreach/models/organisations.py"
    table.write_text(table.read_text().replace("    kind = short()\n", "    kind = short()\n    motto = short()\n", 1))
    here = os.environ | {"PYTHONPATH": str(tmp_path)}
    told = subprocess.run([tortoise, "makemigrations"], cwd=tmp_path, env=here, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr
    (new,) = set(tmp_path.glob("outreach/models/migrations/*.py")) - old
    assert "motto" in new.read_text()
