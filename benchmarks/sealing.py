"""Sealing and opening of values beside what OpenSSL itself does on this machine, in the same run.

    python -m benchmarks.sealing

`kernel.fields.seal` makes a nonce, binds the value to its place and encrypts; `unseal` reverses it. `openssl speed`
encrypts the same number of bytes over and over under one key.
"""

import re
import shutil
import subprocess
import sys
import time

from benchmarks.ground import ground
from benchmarks.measure import ROUNDS, Figures, Work, percentile

SIZES = {"200 B": 200, "16 KB": 16 * 1024, "1 MB": 1024 * 1024}
SECONDS = 0.4


def rate(work: Work) -> float:
    """This will give how often a second ``work`` is done: the best of ROUNDS, since others use this machine too."""
    best = 0.0
    for _ in range(ROUNDS):
        count, began = 0, time.perf_counter()
        while (taken := time.perf_counter() - began) < SECONDS:
            for _ in range(10):
                work()
            count += 10
        best = max(best, count / taken)
    return best


def openssl(size: int) -> float:
    """This will give bytes per second of `openssl speed -evp aes-256-gcm`: the best of three."""
    found = []
    for _ in range(3):
        words = ["openssl", "speed", "-seconds", "1", "-bytes", str(size), "-evp", "aes-256-gcm"]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        found.append(float(re.findall(r"([\d.]+)k\s*$", said, re.MULTILINE)[-1]) * 1000)
    return percentile(found, 1)


def measure(figures: Figures) -> None:
    """This will measure each size."""
    from ruangaman.intake.models import Story
    from ruangaman.kernel.fields import new_key, seal, unseal

    there = shutil.which("openssl")
    for name, size in SIZES.items():
        key, text = new_key(), "a" * size
        row, sealed = Story(), Story()
        seal(sealed, "text", text, key)
        sealing = rate(lambda row=row, text=text, key=key: seal(row, "text", text, key))
        opening = rate(lambda sealed=sealed, key=key: unseal(sealed, "text", key))
        figures.tell(f"seal {name}", 1e6 / sealing, "µs")
        figures.tell(f"open {name}", 1e6 / opening, "µs")
        figures.tell(f"seal {name}", sealing * size / 1e6, "MB/s")
        if there:
            bare = openssl(size)
            figures.tell(f"openssl speed {name}", bare / 1e6, "MB/s")
            figures.tell(f"seal {name}, share of openssl's rate", sealing * size / bare)
    if not there:
        print("openssl is not installed: apt install openssl", file=sys.stderr)


def main() -> int:
    figures = Figures()
    with ground():
        measure(figures)
    return figures.end()


if __name__ == "__main__":
    sys.exit(main())
