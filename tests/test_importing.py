"""An import says beforehand, row by row, what it would change; a report says of what it tells."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from outreach.cli import main
from outreach.registry.importing import KINDS
from outreach.registry.reading import rows_of
from tests.test_bad_files import Terminal

GUIDE = Path(__file__).parents[1] / "docs" / "importing.md"
HEAD = "external_id,name,phone\n"
WARNING = (
    '{"external_id": "w1", "category": "impersonation", "severity": "high", "summary": "x", '
    '"detected_at": "2026-01-01T00:00:00Z", "resident": {"external_id": "R1"}}\n'
)


@pytest.fixture
def terminal(database_url: str, tmp_path: Path) -> Terminal:
    """A terminal with the bank among the sources."""
    found = Terminal(database_url, tmp_path)
    assert found.run("source", "add", "bank", "Bank").exit_code == 0
    return found


def test_a_dry_run_tells_of_each_row_who_it_is_and_what_would_change(terminal: Terminal) -> None:
    terminal.run("import", "residents", terminal.file("a.csv", HEAD + "R1,Ada,13800138000\n"), "--apply")
    told = terminal.run("import", "residents", terminal.file("b.csv", HEAD + "R1,Eve,13800138001\nR2,Bo,13800138002\n"))
    assert told.exit_code == 0
    assert told.stdout.splitlines()[:2] == ["line 2: R1: changed: name, phone", "line 3: R2: new"]
    assert "Eve" not in told.output and "138" not in told.output


def test_what_is_not_listed_is_counted_and_all_of_it_can_be_listed(terminal: Terminal) -> None:
    rows = "".join(f"R{n},Ada,138{n:08d}\n" for n in range(1200))
    file = terminal.file("many.csv", HEAD + rows)
    told = terminal.run("import", "residents", file)
    assert told.stdout.count(": new\n") == 20 and "… and 1,180 more" in told.stdout
    told = terminal.run("import", "residents", file, "--all")
    assert told.stdout.count(": new\n") == 1200 and "more" not in told.stdout


def test_an_import_with_a_refused_row_ends_with_1_and_brings_in_the_others(terminal: Terminal) -> None:
    file = terminal.file("a.csv", HEAD + "R1,Ada,13800138000\nR2,Ada,12\n")
    told = terminal.run("import", "residents", file, "--apply")
    assert told.exit_code == 1 and "1 created, 0 changed, 0 unchanged, 1 refused" in told.stdout


def test_every_missing_column_is_named(terminal: Terminal) -> None:
    told = terminal.run("import", "responders", terminal.file("a.csv", "external_id,name,phone\nP1,Ben,13800138000\n"))
    assert told.exit_code == 1
    assert [part.split(": ")[-2] for part in told.stderr.split("; ")] == ["role", "area", "lat", "lon"]


@pytest.mark.parametrize("name", ["a.csv", "a.geojson"])
def test_how_far_a_file_is_read_is_told_in_bytes(tmp_path: Path, name: str) -> None:
    file, feature = tmp_path / name, '{"type": "Feature", "properties": {"external_id": "阿"}}'
    csv, shapes = HEAD + "阿,Ada,13800138000\n" * 20_000, f'{{"features": [{",".join([feature] * 20_000)}]}}'
    file.write_text(csv if name.endswith("csv") else shapes, encoding="utf-8")
    read = [row.read for row in rows_of(file)]
    assert read == sorted(read) and read[0] < file.stat().st_size / 2 and read[-1] == file.stat().st_size


def test_a_source_names_in_a_warning_whom_it_registered(terminal: Terminal) -> None:
    file, warning = terminal.file("a.csv", HEAD + "R1,Ada,13800138000\n"), terminal.file("w.ndjson", WARNING)
    assert terminal.run("import", "residents", file, "--apply", "--source", "bank").exit_code == 0
    before = terminal.rows()
    assert terminal.run("warn", warning, "--source", "bank").exit_code == 0
    after = terminal.rows()
    assert len(after["target"]) == len(before["target"]) + 1 and len(after["resident"]) == len(before["resident"]) == 1


def test_only_residents_are_a_sources_and_only_of_a_source_that_is_there(terminal: Terminal) -> None:
    file, before = terminal.file("a.csv", HEAD + "R1,Ada,13800138000\n"), terminal.rows()
    assert terminal.run("import", "areas", file, "--apply", "--source", "bank").exit_code == 2
    told = terminal.run("import", "residents", file, "--apply", "--source", "moon")
    assert told.exit_code == 1 and "There is no source moon" in told.stderr and terminal.rows() == before


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_is_in_the_help_and_in_the_guide(kind: str) -> None:
    columns = list(KINDS[kind][0].model_fields)  # type: ignore[index]
    told = CliRunner().invoke(main, ["import", "--help"]).output.split(f"{kind}  ")[1]
    guide = GUIDE.read_text(encoding="utf-8").split(f"## {kind.capitalize()}")[1].split("\n## ")[0]
    assert [name for name in columns if f"`{name}`" not in guide] == []
    assert [name for name in columns if name not in told and name != "boundary"] == []


MORNING, NOON, EVENING = (f"2026-11-24T{hour}:00:00+08:00" for hour in ("08", "12", "18"))


def ben_and_ada(terminal: Terminal) -> None:
    """Ben on the rolls and Ada in the register."""
    people = "external_id,name,phone,role,area,lat,lon\nP1,Ben,13800138009,volunteer,g1,30.27,120.15\n"
    for kind, text in (
        ("areas", "code,kind,name\ng1,grid,Grid 1\n"),
        ("responders", people),
        ("residents", HEAD + "R1,Ada,13800138000\n"),
    ):
        assert terminal.run("import", kind, terminal.file(f"{kind}.csv", text), "--apply").exit_code == 0


def test_shifts_come_in_once_and_a_later_end_changes_them(terminal: Terminal) -> None:
    ben_and_ada(terminal)
    head = "external_id,starts_at,ends_at\n"
    file = terminal.file("s.csv", f"{head}P1,{MORNING},{NOON}\nP9,{MORNING},{NOON}\nP1,{NOON},{MORNING}\n")
    before = terminal.rows()
    told = terminal.run("import", "shifts", file)
    assert told.exit_code == 1 and "1 would be created" in told.stdout and terminal.rows() == before
    assert told.stderr.splitlines() == [
        "line 3: refused: external_id: no responder has it",
        "line 4: refused: ends_at: must lie after starts_at",
    ]
    terminal.run("import", "shifts", file, "--apply")
    assert "1 unchanged" in terminal.run("import", "shifts", file, "--apply").stdout
    later = terminal.file("l.csv", f"{head}P1,{MORNING},{EVENING}\n")
    assert "line 2: P1: changed: ends_at" in terminal.run("import", "shifts", later, "--apply").stdout
    [shift] = terminal.rows()["shift"]
    assert "plan" in shift


def test_a_contact_comes_in_with_what_they_may_be_told_and_no_number_is_shown(terminal: Terminal) -> None:
    ben_and_ada(terminal)
    head = "external_id,name,phone,relation,may_be_told,consent_at\n"
    row = "R1,Bo,13800138005,son,{},2026-11-01\n"
    file = terminal.file("c.csv", head + row.format("please_call") + "R9,Bo,13800138005,son,,\nR1,Bo,12,son,,\n")
    before = terminal.rows()
    told = terminal.run("import", "contacts", file)
    assert told.exit_code == 1 and "1 would be created" in told.stdout and terminal.rows() == before
    assert "line 3: refused: external_id: no resident has it" in told.stderr and "line 4: refused: " in told.stderr
    terminal.run("import", "contacts", file, "--apply")
    assert "1 unchanged" in terminal.run("import", "contacts", file).stdout
    more = terminal.run("import", "contacts", terminal.file("m.csv", head + row.format("more_by_phone")), "--apply")
    assert "line 2: R1: changed: may_be_told" in more.stdout and "1380013" not in more.output + told.output
    [contact] = terminal.rows()["trusted_contact"]
    assert "more_by_phone" in contact and "13800138005" not in contact and "Bo" not in contact.split('"')


def test_a_report_takes_the_apis_times_and_names_its_period_and_its_database(terminal: Terminal) -> None:
    told = terminal.run("report", "--from", "2026-11-26T08:00:00+08:00", "--to", "2026-11-27T00:00:00Z")
    assert told.exit_code == 0, told.output
    first = told.stdout.splitlines()[0]
    assert first.startswith("2026-11-26 00:00Z to 2026-11-27 00:00Z, in ") and "@" not in first
    assert first.endswith(terminal.url.split("/")[-1].split("?")[0])
    told = terminal.run("report", "--to", "2026-11-27")
    assert told.stdout.startswith("2026-11-20 00:00Z to 2026-11-27 00:00Z")
    assert terminal.run("report", "--from", "yesterday").exit_code == 2


def test_a_report_where_there_is_no_database_says_so_and_makes_none(tmp_path: Path) -> None:
    told = Terminal(f"sqlite:///{tmp_path}/none.sqlite3", tmp_path).run("report")
    assert told.exit_code == 1 and "There is no database" in told.stderr and list(tmp_path.iterdir()) == []
