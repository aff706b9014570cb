"""Which process holds which database address, as the settings read it. Source: docs/adr/0010."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ruangaman.config.environment import for_process
from ruangaman.config.postgres import Server

TELL = """
import json
from ruangaman.config.settings import DATABASES
print(json.dumps({name: [one["USER"], one["ATOMIC_REQUESTS"]] for name, one in DATABASES.items()}))
"""


@pytest.mark.parametrize(
    ("process", "told"),
    [
        ("app", {"default": ["ruangaman_app", True], "counter": ["ruangaman_counter", False]}),
        ("worker", {"default": ["ruangaman_worker", True]}),
        ("sealer", {"default": ["ruangaman_sealer", True]}),
        ("counter", {"default": ["ruangaman_counter", True]}),
    ],
)
def test_the_web_alone_holds_a_second_address_and_it_is_the_counters(
    process: str, told: dict[str, list[object]], server: Server, var: Path
) -> None:
    env = {
        "PATH": os.environ["PATH"],
        "RUANGAMAN_VAR": str(var),
        "RUANGAMAN_DEMO": "1",
        "RUANGAMAN_OWNER_URL": server.owner_url,
        "RUANGAMAN_DATABASE_URL": server.app_url,
    }
    ran = subprocess.run(
        [sys.executable, "-c", TELL],
        env=for_process(env, process),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(ran.stdout) == told
