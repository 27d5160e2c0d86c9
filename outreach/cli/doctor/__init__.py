"""`outreach doctor`: whether this installation can do its work, and what to change where it cannot."""

from outreach.cli.doctor.command import doctor

__all__ = ["doctor"]
