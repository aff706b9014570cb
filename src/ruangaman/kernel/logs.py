"""Logs that carry no value: the kind of an error and the lines of code it went through, never what it said."""

import logging
import traceback
from types import TracebackType
from typing import Any


class NoValues(logging.Filter):
    """Take what a person sent out of a record: messages of other libraries may quote it."""

    def filter(self, record: logging.LogRecord) -> bool:
        request: Any = getattr(record, "request", None)
        if not record.name.startswith("ruangaman"):
            # Django and drivers put paths, headers and parameters into their messages.
            status = getattr(record, "status_code", "")
            method = getattr(request, "method", "") or ""
            record.msg, record.args = f"{record.name}: {method} {status}".strip(), ()
        if record.exc_info:
            record.exc_text = None
        return True


class Line(logging.Formatter):
    """One line, and for an error its type and the places in the code."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatException(self, ei: Any) -> str:  # noqa: N802  named by the standard library
        return describe(ei)


def describe(
    info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
) -> str:
    """This will tell an error by its type and the lines of code it went through, without its message."""
    kind, error, trace = info
    if kind is None:
        return ""
    frames = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    chain = f"  because of {type(error.__cause__).__name__}" if error and error.__cause__ else ""
    return "\n".join([kind.__name__, *frames, *([chain] if chain else [])])
