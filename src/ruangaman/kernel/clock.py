"""The one place that asks for the time. Only views, commands and tasks may call it; rules and writes are told."""

from datetime import UTC, datetime


def now() -> datetime:
    """This will give the present moment, aware, in UTC."""
    return datetime.now(UTC)
