"""`outreach …` as somebody types it, in a process of its own that begins with the product's code already read.

A command spends most of its time reading code. A fork server reads it once for a whole run of tests; what it forks is
still a process apart, with its own environment, folder, output and end.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

PATIENCE_S = 60
_forks: Any = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["outreach.cli"])


def run(*words: str, env: dict[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run `outreach WORDS` with exactly this environment, in this folder; answers what it printed and how it ended."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = _forks.Process(target=_become, args=(words, env, str(cwd), _handed(out), _handed(err)))
        child.start()
        child.join(PATIENCE_S)
        if child.exitcode is None:
            child.kill()
            raise TimeoutError(f"outreach {' '.join(words)} did not end within {PATIENCE_S} s")
        return subprocess.CompletedProcess(["outreach", *words], child.exitcode, _read(out), _read(err))


def _handed(file: Any) -> Any:
    return multiprocessing.reduction.DupFd(file.fileno())


def _become(words: tuple[str, ...], env: dict[str, str], cwd: str, out: Any, err: Any) -> None:
    os.dup2(out.detach(), 1)
    os.dup2(err.detach(), 2)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["outreach", *words]
    from outreach.cli import main

    try:
        main()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _read(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode("utf-8"))
