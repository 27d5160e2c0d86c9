"""What goes live: the image is made of files that are there; settings, ports and paths are the product's own."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import AliasChoices

from outreach.cli import main
from outreach.settings import Settings
from outreach.web import routes_of

ROUTES = routes_of(Settings())

ROOT = Path(__file__).parents[1]
FLY: dict[str, Any] = tomllib.loads((ROOT / "fly.toml").read_text())
OF_PYTHON = {"PATH", "PYTHONUNBUFFERED", "PIP_NO_CACHE_DIR", "PIP_DISABLE_PIP_VERSION_CHECK"}


def instructions() -> list[tuple[str, str]]:
    """Each instruction of the Dockerfile, and what it is given, on one line."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in text.splitlines() if line)]


def given(word: str) -> list[str]:
    """What the instructions of this name are given, the last stage's last."""
    return [rest for name, rest in instructions() if name == word]


def image_env() -> dict[str, str]:
    """The variables that the image sets."""
    return dict(pair.partition("=")[::2] for rest in given("ENV") for pair in shlex.split(rest))


def copied() -> list[str]:
    """The paths of this folder that the image is made of."""
    plain = [shlex.split(rest) for rest in given("COPY") if not rest.startswith("--from")]
    return [path for *paths, _ in plain for path in paths]


def known_settings() -> set[str]:
    """The environment's names of all settings."""
    names = set()
    for name, about in Settings.model_fields.items():
        assert not isinstance(about.validation_alias, AliasChoices)
        names.add(str(about.validation_alias or f"OUTREACH_{name.upper()}"))
    return names


def test_fly_builds_the_image_of_this_folder() -> None:
    assert (ROOT / FLY["build"]["dockerfile"]).is_file()


@pytest.mark.parametrize("path", copied())
def test_whatever_the_image_copies_is_here_and_is_let_through(path: str) -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert (ROOT / path).exists()
    assert "*" in ignored and f"!{Path(path).parts[0]}" in ignored


def test_no_key_data_or_built_file_gets_into_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    let_through = {line[1:] for line in ignored if line.startswith("!")}
    assert let_through == {Path(path).parts[0] for path in copied()}
    assert {"static/node_modules", "outreach/assets", "**/*.keys.json", "**/*.sqlite3*"} <= set(ignored)


def test_the_image_takes_the_locked_packages_by_their_hashes_and_the_project_by_its_own_build() -> None:
    runs = [run for run in given("RUN") if run.startswith("pip")]
    assert runs == ["pip install --require-hashes -r requirements.lock", "pip install --no-deps ."]


def test_every_variable_set_is_a_setting() -> None:
    assert set(image_env()) - OF_PYTHON <= known_settings()
    assert set(FLY["env"]) <= known_settings()


def test_the_settings_are_taken_as_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**image_env(), **FLY["env"]}.items():
        if name not in OF_PYTHON:
            monkeypatch.setenv(name, value)
    settings = Settings()
    assert (settings.host, settings.port) == ("0.0.0.0", FLY["http_service"]["internal_port"])
    assert settings.public_url == f"https://{FLY['app']}.fly.dev"


def test_the_ports_are_one_port() -> None:
    assert image_env()["PORT"] == given("EXPOSE")[0] == str(FLY["http_service"]["internal_port"])


def test_data_and_keys_lie_on_the_volume() -> None:
    (volume,) = given("VOLUME")
    assert FLY["mounts"][0]["destination"] == volume
    assert image_env()["DATABASE_URL"].startswith(f"sqlite:///{volume}/")
    assert Path(image_env()["OUTREACH_KEYS_FILE"]).parent == Path(volume)
    assert f"DATA={volume}\n" in (ROOT / "deploy/start.sh").read_text()


def test_what_is_asked_after_its_health_is_a_route_of_ours() -> None:
    paths = {route.path for route in ROUTES if route.method == "GET"}
    (check,) = given("HEALTHCHECK")
    assert "'/healthz'" in check and "/healthz" in paths
    assert {each["path"] for each in FLY["http_service"]["checks"]} <= paths


def test_what_is_run_is_a_command_of_ours() -> None:
    program, verb = shlex.split(FLY["deploy"]["release_command"])
    assert (program, verb in main.commands) == ("outreach", True)
    assert given("CMD") == ['["outreach", "serve"]'] and "serve" in main.commands


def test_the_start_goes_on_as_the_user_that_the_image_made() -> None:
    start = ROOT / "deploy/start.sh"
    assert subprocess.run(["sh", "-n", start], check=False).returncode == 0
    assert 'exec setpriv --reuid=outreach --regid=outreach --clear-groups --no-new-privs "$@"' in start.read_text()
    assert any("useradd" in run and run.split("&&")[0].split()[-1] == "outreach" for run in given("RUN"))
