"""What is not kept goes: uploads that were never finished, and what can't be opened any more."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from ruangaman.access.queries import every_key, open_key
from ruangaman.access.states import Role, Section
from ruangaman.kernel import clock
from ruangaman.kernel.errors import Unreadable
from ruangaman.papers import jobs, storing
from ruangaman.papers.models import Paper
from ruangaman.papers.storing import forgetting
from tests.access.conftest import record_of_destructions
from tests.access.erasing import approve, carry_out
from tests.papers import makings
from tests.papers.test_files import ABOUT, filed, in_pieces, officer, store, the_paper, whole
from tests.worlds import Filed, World, acting

__all__ = ["filed", "officer", "record_of_destructions", "store"]
pytestmark = pytest.mark.usefixtures("record_of_destructions")
A_DAY = timedelta(hours=24, minutes=1)


@contextmanager
def in_the_workers_process() -> Iterator[None]:
    """What is the default connection there is the worker's."""
    web = connections["default"]
    connections["default"] = connections["worker"]
    try:
        yield
    finally:
        connections["default"] = web


def lying(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()]


def begun(client: Client, filed: Filed, pieces: int = 1) -> Any:
    """An upload that was begun and not finished."""
    content = makings.film(700_000)
    told = client.post(
        f"/unggah/mulai/{filed.reference}/", {**ABOUT, "file_name": "a.mp4", "size": len(content)}
    ).json()
    for index in range(pieces):
        piece = content[index * storing.PIECE : (index + 1) * storing.PIECE]
        url = told["piece_url"].replace("/0/", f"/{index}/")
        assert client.post(url, piece, content_type="application/octet-stream").status_code == 200
    return told


def test_an_upload_that_was_not_finished_within_a_day_goes_and_a_younger_one_stays(
    world: World, filed: Filed, officer: Client, store: Path
) -> None:
    begun(officer, filed)
    old = the_paper(world)
    begun(officer, filed, pieces=2)
    whole(officer, filed, makings.picture(), "a.jpg")
    world.rows("UPDATE papers_paper SET added_at = added_at - %s WHERE id = %s", [A_DAY, old.id])
    kept = len(lying(store))
    with in_the_workers_process():
        jobs.forget_files(timestamp=int(clock.now().timestamp()))
    assert Paper.objects.using("owner").count() == 2
    assert not Paper.objects.using("owner").filter(id=old.id).exists()
    assert len(lying(store)) == kept - 1
    assert not [path for path in lying(store) if old.id.hex in str(path)]


def test_the_task_deletes_no_file_that_is_kept_however_old(
    world: World, filed: Filed, officer: Client, store: Path
) -> None:
    whole(officer, filed, makings.picture(), "a.jpg")
    paper, before = the_paper(world), len(lying(store))
    world.rows("UPDATE papers_paper SET added_at = added_at - interval '400 days'")
    with in_the_workers_process():
        jobs.forget_files(timestamp=int(clock.now().timestamp()))
        forgetting.forget_unfinished(paper_id=paper.id, dossier_id=filed.dossier.id, at=clock.now())
    assert len(lying(store)) == before and the_paper(world).state == "kept"


def test_the_task_for_one_dossier_reaches_no_upload_of_another(
    world: World, filed: Filed, officer: Client, store: Path
) -> None:
    begun(officer, filed)
    other = world.file()
    with in_the_workers_process():
        forgetting.forget_unfinished(
            paper_id=the_paper(world).id, dossier_id=other.dossier.id, at=clock.now()
        )
    assert Paper.objects.using("owner").exists() and lying(store)


def test_an_erased_dossiers_files_do_not_open_even_from_a_copy_and_then_they_go(
    world: World, filed: Filed, officer: Client, store: Path
) -> None:
    content = makings.film(300_000)
    in_pieces(officer, filed, content, "a.mp4")
    whole(officer, filed, makings.picture(), "b.jpg")
    paper = Paper.objects.using("owner").get(content_type="video/mp4")
    approve(world, filed)
    carry_out(filed)
    with acting(world.person(Role.HEAD)):
        assert Section.NARRATIVE not in every_key(filed.dossier.id)
    row = world.rows("SELECT wrapped FROM access_datakey WHERE id = %s", [paper.key_id])
    assert row == [(None,)]
    with pytest.raises(Unreadable):
        open_key(Paper.objects.using("owner").select_related("key").get(id=paper.id).key)
    assert lying(store)
    with in_the_workers_process():
        jobs.forget_files(timestamp=int(clock.now().timestamp()))
    assert not lying(store)
    assert world.rows("SELECT DISTINCT pieces, pages FROM papers_paper") == [(0, 0)]
    with in_the_workers_process():
        jobs.forget_files(timestamp=int(clock.now().timestamp()))
