"""Which browser there is, and how it is started."""

import shutil

# The light build first: the same pages for two thirds of the processor's time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",  # the light build moves letters to whole pixels, and words run together
]
MISSING = "No browser for the journeys. On Debian: apt-get install chromium-headless-shell"


def program() -> str | None:
    """Where the browser lies; None where there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)
