"""Papers in a bucket: stored, read and deleted there; what was exchanged, cut off or is missing never opens."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import boto3
import pytest
from django.core.files.storage import storages
from django.test import override_settings
from moto.server import ThreadedMotoServer

from ruangaman.access.states import Role
from ruangaman.config import doctor, papers_kept
from ruangaman.config.environment import papers_storage
from ruangaman.kernel import keyring
from ruangaman.kernel.errors import Unreadable
from ruangaman.kernel.fields import Key, new_key
from ruangaman.kernel.ids import new_id
from ruangaman.papers import storing
from tests.config.drills import back_up
from tests.papers.evidences import CONTENT, allow, ask, chain, companion_of, keep
from tests.papers.test_evidence import address, sent
from tests.worlds import World

BUCKET = "berkas-rekaan"
Made = tuple[UUID, Key]


@pytest.fixture(scope="module")
def bucket_address() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def environment(bucket_address: str) -> dict[str, str]:
    return {
        "RUANGAMAN_PAPERS": f"s3://{BUCKET}/papers",
        "RUANGAMAN_PAPERS_ENDPOINT": bucket_address,
        "RUANGAMAN_PAPERS_KEY": "kunci-rekaan",
        "RUANGAMAN_PAPERS_SECRET": "rahasia-rekaan",
        "RUANGAMAN_PAPERS_REGION": "us-east-1",
    }


@pytest.fixture
def client(environment: dict[str, str]) -> Any:
    """Who holds the bucket: may read, exchange and delete what lies in it."""
    made = boto3.client(
        "s3",
        endpoint_url=environment["RUANGAMAN_PAPERS_ENDPOINT"],
        aws_access_key_id="kunci-rekaan",
        aws_secret_access_key="rahasia-rekaan",
        region_name="us-east-1",
    )
    made.create_bucket(Bucket=BUCKET)
    for name in names(made):
        made.delete_object(Bucket=BUCKET, Key=name)
    return made


@pytest.fixture
def bucket(environment: dict[str, str], client: Any, settings: Any) -> Iterator[Any]:
    with override_settings(STORAGES={**settings.STORAGES, "papers": papers_storage(environment)}):
        assert "S3" in type(storages["papers"]).__name__
        yield client


@pytest.fixture
def stored(bucket: Any) -> Made:
    return store(b"satu", b"dua", b"tiga")


def store(*parts: bytes) -> Made:
    paper, key = new_id(), new_key()
    for index, part in enumerate(parts):
        storing.write_piece(paper, index, part, key)
    return paper, key


def names(client: Any) -> list[str]:
    return sorted(entry["Key"] for entry in client.list_objects_v2(Bucket=BUCKET).get("Contents", []))


def key_at(made: Made, index: int) -> str:
    return f"papers/{storing.names(made[0], index + 1, 0)[index]}"


def body(client: Any, name: str) -> bytes:
    content: bytes = client.get_object(Bucket=BUCKET, Key=name)["Body"].read()
    return content


def test_a_file_is_stored_read_and_deleted(bucket: Any, stored: Made) -> None:
    paper, key = stored
    other, other_key = store(b"lain")
    storing.write_picture(paper, 0, b"gambar", key)
    assert list(storing.pieces(paper, 3, key)) == [b"satu", b"dua", b"tiga"]
    assert storing.read_picture(paper, 0, key) == b"gambar"
    assert len(names(bucket)) == 5
    assert not any(b"satu" in body(bucket, name) for name in names(bucket))
    storing.forget(paper)
    assert names(bucket) == [key_at((other, other_key), 0)]
    storing.forget(paper)
    with pytest.raises(Unreadable, match="missing"):
        storing.read_piece(paper, 0, key)


def test_a_piece_that_is_sent_again_takes_the_place_of_the_first(bucket: Any, stored: Made) -> None:
    paper, key = stored
    storing.write_piece(paper, 1, b"dua lagi", key)
    assert list(storing.pieces(paper, 3, key)) == [b"satu", b"dua lagi", b"tiga"]
    assert len(names(bucket)) == 3


def test_two_objects_that_were_exchanged_do_not_open(bucket: Any, stored: Made) -> None:
    first, second = key_at(stored, 0), key_at(stored, 1)
    one, two = body(bucket, first), body(bucket, second)
    bucket.put_object(Bucket=BUCKET, Key=first, Body=two)
    bucket.put_object(Bucket=BUCKET, Key=second, Body=one)
    for index in (0, 1):
        with pytest.raises(Unreadable):
            storing.read_piece(stored[0], index, stored[1])
    assert storing.read_piece(stored[0], 2, stored[1]) == b"tiga"


def test_an_object_of_another_file_of_the_same_section_does_not_open(bucket: Any, stored: Made) -> None:
    paper, key = new_id(), stored[1]
    storing.write_piece(paper, 0, b"satu", key)
    bucket.put_object(Bucket=BUCKET, Key=key_at(stored, 0), Body=body(bucket, key_at((paper, key), 0)))
    with pytest.raises(Unreadable):
        storing.read_piece(stored[0], 0, key)


@pytest.mark.parametrize("length", [0, 1, 20, -1])
def test_an_object_that_was_cut_off_does_not_open(bucket: Any, stored: Made, length: int) -> None:
    name = key_at(stored, 0)
    bucket.put_object(Bucket=BUCKET, Key=name, Body=body(bucket, name)[:length])
    with pytest.raises(Unreadable):
        storing.read_piece(stored[0], 0, stored[1])


def test_evidence_in_a_bucket_opens_bit_exact_and_says_when_it_was_exchanged(
    world: World, bucket: Any
) -> None:
    filed = world.file()
    companion = companion_of(world, filed)
    paper, other = keep(world, filed, companion), keep(world, filed, companion, b"lain" * 200_000)
    allow(world, paper, ask(world, paper, companion), world.person(Role.SUPERVISOR))
    hers = world.client(companion)
    assert sent(hers.post(address("open_evidence", paper))) == CONTENT
    pieces = [f"papers/{storing.names(one.id, 2, 0)[1]}" for one in (paper, other)]
    bucket.put_object(Bucket=BUCKET, Key=pieces[0], Body=body(bucket, pieces[1]))
    answer = hers.post(address("open_evidence", paper))
    assert answer.status_code == 409
    assert "tidak sama lagi dengan yang diterima" in answer.content.decode()
    assert chain(world, paper)[-1] == "differs"


def test_a_backup_says_that_the_files_lie_in_a_bucket_and_are_not_in_it(
    world: World, bucket: Any, tmp_path: Path
) -> None:
    from django.conf import settings

    from ruangaman.config.restoring import read_manifest

    filed = world.file()
    keep(world, filed, companion_of(world, filed))
    folder = back_up(tmp_path, Path(settings.RUANGAMAN_KEYS))
    assert read_manifest(folder, keyring.current())["papers"] == {"where": "elsewhere", "papers": 1}
    assert not (folder / papers_kept.FOLDER).exists()


def test_the_check_tries_the_bucket_and_says_whether_it_keeps_versions(
    environment: dict[str, str], client: Any
) -> None:
    assert "keeps NO versions" in doctor.check_papers(environment)
    assert names(client) == []
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    said = doctor.check_papers(environment)
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})
    assert said.endswith("it keeps versions")


def test_the_check_says_what_is_wrong_with_a_bucket(environment: dict[str, str], client: Any) -> None:
    with pytest.raises(doctor.Refusal, match="bucket tidak-ada of RUANGAMAN_PAPERS can't be used"):
        doctor.check_papers({**environment, "RUANGAMAN_PAPERS": "s3://tidak-ada"})
