"""What is looked at before anything starts, so that a start fails with a sentence and not half way.

Each check returns what it found, or raises `Refusal` with what is wrong and what to do.
"""

import errno
import os
import pwd
import shutil
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from ruangaman.config.cluster import PostgresTrouble
from ruangaman.config.environment import OWNER_URL, address_of, keys_of, owner, papers_storage, var_of
from ruangaman.kernel import clock, destructions, keyring
from ruangaman.kernel.keyring import FILE_NAME

NEEDED_BYTES = 300_000_000  # a new cluster and its write-ahead log
FULL = (errno.ENOSPC, errno.EDQUOT)


MOST_SKEW_SECONDS = 60  # a ticket lasts five minutes, from this machine's clock to the database's


class Refusal(Exception):
    """Starting would fail or do harm. The message says why and what to do."""


def check_var(var: Path, needed: int = NEEDED_BYTES) -> str:
    """This will make the folder for everything written, and see that it is ours, writable and not full."""
    elsewhere = "Or choose another folder: RUANGAMAN_VAR=/a/folder/of/yours make run"
    try:
        if not var.exists():
            var.mkdir(parents=True)
            # Root hands the database to another user, who must pass through; no file in it is open to that
            # user.
            var.chmod(0o711 if os.geteuid() == 0 else 0o700)
        uid = var.stat().st_uid
        if uid != os.geteuid():
            whose = name_of(uid)
            raise Refusal(
                f"{var} belongs to {whose}, and you are {name_of(os.geteuid())}. "
                f"Start as {whose} (sudo -u {whose} make run). {elsewhere}"
            )
        probe = var / f".probe-{os.getpid()}"
        try:
            probe.write_bytes(b"\0" * 65_536)
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        if error.errno in FULL:
            raise Refusal(f"The disk that holds {var} is full. Make room on it. {elsewhere}") from None
        raise Refusal(f"{var} can't be written to ({error.strerror}). {elsewhere}") from None
    free = shutil.disk_usage(var).free
    if free < needed:
        raise Refusal(
            f"The disk that holds {var} is all but full: {free // 1_000_000} MB are free, "
            f"at least {needed // 1_000_000} MB are needed. Make room on it. {elsewhere}"
        )
    return f"{var}: writable, {free // 1_000_000_000} GB free"


def check_port(host: str, port: int, patience: float = 3.0) -> str:
    """This will see that nobody listens there. A server that is just ending gets ``patience`` seconds.

    Granian binds with SO_REUSEPORT, so a second one would start on the same port and take half the requests.
    """
    until = time.monotonic() + patience
    while True:
        trouble = _bind(host, port)
        if trouble is None:
            return f"{host}:{port}: free"
        if trouble.errno != errno.EADDRINUSE or time.monotonic() > until:
            break
        time.sleep(0.1)
    if trouble.errno == errno.EADDRINUSE:
        other = next((p for p in range(port + 1, min(port + 100, 65_536)) if _bind(host, p) is None), 8080)
        raise Refusal(
            f"Port {port} on {host} is taken by another program. Choose another: RUANGAMAN_PORT={other} make run"
        )
    raise Refusal(
        f"Can't listen on {host}:{port} ({trouble.strerror}). Set RUANGAMAN_HOST and RUANGAMAN_PORT."
    )


def check_database(owner_url: str) -> str:
    """This will see that the database answers and is new enough."""
    where = urlsplit(owner_url)
    try:
        with psycopg.connect(owner_url, connect_timeout=10) as connection:
            version = connection.info.server_version
            row = connection.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone()
            ahead = abs(float(row[0]) - clock.now().timestamp()) if row else 0.0
    except psycopg.OperationalError as error:
        said = " ".join(str(error).split())
        raise Refusal(
            f"The database at {where.hostname}:{where.port or 5432} does not answer: {said}"
        ) from None
    if version < 150_000:
        raise Refusal(f"The database is PostgreSQL {version // 10_000}; at least 15 is needed.")
    if ahead > MOST_SKEW_SECONDS:
        raise Refusal(
            f"The clocks of this machine and of the database differ by {ahead:.0f} seconds: tickets would be too "
            f"old or too new. Set both by NTP."
        )
    return f"{where.hostname}:{where.port or 5432}: PostgreSQL {version // 10_000}.{version % 10_000}"


def check_keyring(keys: Path, owner_url: str, env: Mapping[str, str]) -> str:
    """This will refuse to go on without the keys of a database that holds data: new keys would open nothing."""
    path = keys / FILE_NAME
    if env.get("RUANGAMAN_KEYRING"):
        return "keyring: from RUANGAMAN_KEYRING"
    if path.exists():
        return f"keyring: {path}"
    if holds_data(owner_url):
        raise Refusal(
            f"The keyring is missing at {path}, and the database holds data that only its keys open. Put the keyring "
            f"of this installation back, from its escrow if need be (docs/operations.md). Nothing has been changed."
        )
    return f"keyring: none yet at {path}; the first start makes it"


def check_papers(env: Mapping[str, str]) -> str:
    """This will write into the storage of papers, read it again and delete it."""
    options = papers_storage(env)["OPTIONS"]
    name, content = f".probe-{os.getpid()}", os.urandom(64)
    if "bucket_name" in options:
        return _check_bucket(options, name, content)
    folder = Path(options["location"])
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            (folder / name).write_bytes(content)
            same = (folder / name).read_bytes() == content
        finally:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise Refusal(
            f"The files of papers can't be written into {folder} ({error.strerror}). Make room or mend its rights, or "
            f"name another place with RUANGAMAN_PAPERS."
        ) from None
    if not same:
        raise Refusal(f"What was written into {folder} is read back as something else. Its disk is failing.")
    return f"files of papers: {folder}, written and read"


def _check_bucket(options: dict[str, Any], name: str, content: bytes) -> str:
    import boto3  # type: ignore[import-untyped]  # only where a bucket is used
    from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]

    bucket, key = options["bucket_name"], f"{options['location']}/{name}".lstrip("/")
    try:
        client = boto3.client(
            "s3",
            endpoint_url=options["endpoint_url"],
            aws_access_key_id=options["access_key"],
            aws_secret_access_key=options["secret_key"],
            region_name=options["region_name"],
        )
        client.put_object(Bucket=bucket, Key=key, Body=content)
        same = client.get_object(Bucket=bucket, Key=key)["Body"].read() == content
        client.delete_object(Bucket=bucket, Key=key)
        versions = client.get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled"
    except (BotoCoreError, ClientError) as error:
        raise Refusal(
            f"The bucket {bucket} of RUANGAMAN_PAPERS can't be used: {error}. Check address, keys and rights."
        ) from None
    if not same:
        raise Refusal(f"What was written into the bucket {bucket} is read back as something else.")
    kept = "keeps versions" if versions else "keeps NO versions: what is deleted there is in no backup"
    return f"files of papers: bucket {bucket}, written and read; it {kept}"


def check_destructions(keys: Path, url: str) -> str:
    """This will refuse to open the door while something lives that the record outside the database says is destroyed.

    After a restore by other means than ``ruangaman restore``, or a crash at the end of an erasure.
    """
    try:
        recorded = destructions.read(keys / destructions.FILE_NAME, keyring.read(keys))
    except (destructions.RecordAltered, keyring.KeyringMissing) as trouble:
        raise Refusal(str(trouble)) from None
    if not recorded:
        return "recorded erasures: none"
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT to_regprocedure('door.undestroyed(uuid[])') IS NOT NULL").fetchone()
        if not row or not row[0]:
            raise Refusal("The database is of an older version. Run `ruangaman setup` first.")
        row = connection.execute(
            "SELECT door.undestroyed(%s)", [[line.dossier for line in recorded]]
        ).fetchone()
    if row and row[0]:
        raise Refusal(
            f"{row[0]} dossiers that were erased are in the database again. Run `ruangaman erase` to erase them anew; "
            f"until then nothing starts."
        )
    return f"recorded erasures: {len(recorded)}, all carried out"


def check_readers(owner_url: str) -> str:
    """This will refuse where a report about staff waits for somebody of rank, and no unit is left to take it.

    Those of the first minutes are left out: a task hands them on.
    """
    with psycopg.connect(owner_url) as connection:
        row = connection.execute("SELECT to_regprocedure('door.unread()') IS NOT NULL").fetchone()
        if not row or not row[0]:
            return "reports about staff: the database is of an older version"
        found = connection.execute(
            "SELECT DISTINCT o.name FROM door.unread() u JOIN access_organisation o ON o.id = u.unit "
            "WHERE NOT u.on_its_way AND u.received <= statement_timestamp() - interval '10 minutes' ORDER BY 1"
        ).fetchall()
    if found:
        raise Refusal(
            f"A report waits for somebody who may read it. Give each of these units a supervisor or a head who is not "
            f"kept out of it: {', '.join(name for (name,) in found)}."
        )
    return "reports about staff: somebody may read each of them"


def check_names(owner_url: str) -> str:
    """This will refuse where names wait for long to be compared with a report about staff, which is shut to them.

    Those of the first minutes are left out: a task compares them.
    """
    with psycopg.connect(owner_url) as connection:
        row = connection.execute("SELECT to_regclass('public.intake_latername') IS NOT NULL").fetchone()
        if not row or not row[0]:
            return "names of staff: the database is of an older version"
        found = connection.execute(
            "SELECT count(DISTINCT dossier_id) FROM intake_latername "
            "WHERE since <= statement_timestamp() - interval '10 minutes'"
        ).fetchone()
    if found and found[0]:
        raise Refusal(
            f"{found[0]} reports about staff stay shut to people whose names could not be compared with them. Look at "
            f"the tasks that failed (intake.compare_later_names), and that the worker runs."
        )
    return "names of staff: compared with every report about them"


def holds_data(owner_url: str) -> bool:
    """This will tell whether the database was ever migrated."""
    with psycopg.connect(owner_url) as connection:
        found = connection.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL").fetchone()
        if not found or not found[0]:
            return False
        some = connection.execute("SELECT EXISTS (SELECT 1 FROM public.django_migrations)").fetchone()
        return bool(some and some[0])


def examine(env: Mapping[str, str]) -> list[tuple[bool, str]]:
    """This will run every check; each line says whether it passed and what was found. Nothing is migrated."""
    found = [_try(lambda: check_var(var_of(env)))]
    if not found[0][0]:
        return found
    found.append(_try(lambda: check_papers(env)))
    found.append(_try(lambda: check_port(*address_of(env), patience=0)))
    try:
        with owner(env) as surroundings:
            url = surroundings[OWNER_URL]
            found.append(_try(lambda: check_database(url)))
            if found[-1][0]:
                found.append(_try(lambda: check_keyring(keys_of(env), url, env)))
                if found[-1][0] and (keys_of(env) / destructions.FILE_NAME).exists():
                    found.append(_try(lambda: check_destructions(keys_of(env), url)))
                found.append(_try(lambda: check_readers(url)))
                found.append(_try(lambda: check_names(url)))
    except (PostgresTrouble, KeyError) as error:
        found.append((False, f"{error} is not set" if isinstance(error, KeyError) else str(error)))
    return found


def name_of(uid: int) -> str:
    """This will give a user's name, or the number of one without."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _bind(host: str, port: int) -> OSError | None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
    return None


def _try(check: Callable[[], str]) -> tuple[bool, str]:
    try:
        return True, check()
    except Refusal as refusal:
        return False, str(refusal)
