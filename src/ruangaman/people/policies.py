"""Rules of how people are shown."""


def initials(name: str) -> str:
    """This will give at most three initials of a name (``S. A.``); lists show no more. Source: security.md 12."""
    letters = [part[0].upper() for part in name.replace(".", " ").split() if part[0].isalpha()]
    return " ".join(f"{letter}." for letter in letters[:3])
