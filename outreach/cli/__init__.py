"""The commands: `outreach serve`, `demo`, `migrate`, `source`, `coordinator`, `token`, `import`, `warn`, `report`."""

from outreach.cli import demo, files
from outreach.cli.commands import main

__all__ = ["demo", "files", "main"]
