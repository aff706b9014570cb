"""Started by test_supervisor.py: a supervisor over parts that do nothing but what the test tells them."""

import json
import os
import sys
from pathlib import Path

from ruangaman.config import postgres, supervisor

folder = Path(sys.argv[1])
plan = json.loads((folder / "plan.json").read_text())
server = postgres.start(folder / "var") if plan.get("postgres") else None
if server:
    print("server", server.process.pid, server.owner_url, flush=True)
parts = [
    supervisor.Part(
        name,
        (sys.executable, "-c", code, str(folder), name),
        dict(os.environ),
        folder / f"{name}.log",
        plan.get("patience", 2.0),
    )
    for name, code in plan["parts"].items()
]
ready = folder / "ready"
watch = supervisor.Supervisor(
    parts,
    server,
    ready=ready.exists if plan.get("never_ready") else lambda: True,
    on_ready=lambda: print("ready", flush=True),
)
sys.exit(watch.run())
