"""Writes of notices: telling, reading, choosing how to be told."""

from ruangaman.notices.sending import tell

__all__ = ["tell"]
