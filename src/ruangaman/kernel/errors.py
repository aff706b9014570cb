"""What goes wrong in a way that a person can mend."""

from django.utils.functional import Promise


class Refused(Exception):
    """A rule says no. The message is shown to the person, so it says what to do next."""

    def __init__(self, message: "str | Promise") -> None:
        super().__init__(message)
        self.message = message


class Unreadable(Exception):
    """A sealed value, a ticket or a key does not open: it was altered, moved, or its key was destroyed."""
