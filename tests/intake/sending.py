"""Forms as a browser sends them, and as nobody's browser does."""

from typing import Any

from django.test import Client

from tests.worlds import World

FORM = "application/x-www-form-urlencoded"
TABLES = (
    "access_dossier",
    "intake_report",
    "intake_story",
    "intake_thread",
    "intake_message",
    "people_person",
)


def step(client: Client, step: str, go: str = "next", **fields: Any) -> Any:
    return client.post("/lapor/", {"step": step, "go": go, **fields}, follow=True)


def raw(client: Client, path: str, body: bytes, **more: Any) -> Any:
    return client.generic("POST", path, body, content_type=FORM, **more)


def text(answer: Any) -> str:
    return answer.content.decode()


def send(client: Client, story: str) -> Any:
    """A report with that story, sent."""
    step(client, "about")
    step(client, "what", story=story)
    step(client, "where")
    step(client, "reach")
    return step(client, "check")


def opened(world: World, story: str = "Cerita pendek.") -> tuple[Client, str]:
    """A reporter who has opened their thread, and its reference."""
    filed = world.file(story=story)
    client = Client()
    client.post("/cek/", {"code": " ".join(filed.code.words)})
    return client, filed.reference
