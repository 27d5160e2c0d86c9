"""The commands: `outreach serve`, `demo`, `stand-in`, `migrate`, `source`, `coordinator`, `token`, and for files."""

from outreach.cli import demo, files, stand_in
from outreach.cli.commands import main

__all__ = ["demo", "files", "main", "stand_in"]
