"""The one place that asks for the time. Only views, commands and tasks may call it; rules and writes are told."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """This will give the present moment, aware, in UTC."""
    return timezone.now()
