"""How many questions a page asks of the database."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

BRACKETS = ("BEGIN", "COMMIT")  # of the transaction, not questions


def asked_by(client: Client, address: str, *, at_most: int) -> tuple[int, str]:
    """Open a page; (how many questions it asked, what it said). Fails where there were more than ``at_most``."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200
    told = [query["sql"] for query in captured if query["sql"] not in BRACKETS]
    assert len(told) <= at_most, "\n".join([f"{len(told)} questions", *(sql[:150] for sql in told)])
    return len(told), answer.content.decode()
