"""Rules of private calendar feeds."""

import re
from datetime import timedelta

SECRET_BYTES = 16  # 128 bits: nobody guesses an address
SECRET = re.compile(r"[0-9a-f]{32}")
BACK = timedelta(days=60)  # how far back a calendar shows what was
# Wrong addresses from one caller before it has to wait; a calendar asks for the right one every few minutes.
WRONG, WRONG_SECONDS = 20, 600
ASKED, ASKED_SECONDS = 120, 3600
