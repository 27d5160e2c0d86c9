"""Outreach reaches a person in danger by text, by phone or at the door, and proves how long it took."""

__version__ = "0.1.0"
