"""Which process is told which database address: its own, the web the counter's too; the owner's none that stays."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ruangaman.config.cluster import Cluster
from ruangaman.config.postgres import Server, reach
from ruangaman.kernel import roles

OWNER_URL, APP_URL, PROCESS = "RUANGAMAN_OWNER_URL", "RUANGAMAN_DATABASE_URL", "RUANGAMAN_PROCESS"
# The web counts as well: its second address reaches columns of unsealed facts (ADR-0010).
ALSO = {"app": (roles.COUNTER,)}
ROLE_OF = {"app": roles.APP, "worker": roles.WORKER, "sealer": roles.SEALER, "counter": roles.COUNTER}
Environment = dict[str, str]


def var_of(env: Mapping[str, str]) -> Path:
    """This will give the folder that everything written goes to."""
    return Path(env.get("RUANGAMAN_VAR", "var")).resolve()


def keys_of(env: Mapping[str, str]) -> Path:
    """This will give the folder of the keyring."""
    return Path(env.get("RUANGAMAN_KEYS") or var_of(env) / "keys").resolve()


def address_of(env: Mapping[str, str]) -> tuple[str, int]:
    """This will give the host and port that the web server listens on."""
    return env.get("RUANGAMAN_HOST", "127.0.0.1"), int(env.get("RUANGAMAN_PORT", "8000"))


def with_server(env: Mapping[str, str], server: Server | Cluster) -> Environment:
    """This will add the addresses of an embedded server, and its programs (pg_dump, psql) to the PATH."""
    path = f"{server.bin('psql').parent}{os.pathsep}{env.get('PATH', '')}"
    return {**env, OWNER_URL: server.owner_url, APP_URL: server.app_url, "PATH": path}


def for_owner(env: Mapping[str, str]) -> Environment:
    """This will give the environment of a short process that migrates, backs up or restores.

    :raises KeyError: where an address is missing.
    """
    urls = roles.derive_urls(env)
    return {**env, OWNER_URL: env[OWNER_URL], PROCESS: "owner"} | {
        roles.VARIABLES[r]: u for r, u in urls.items()
    }


def for_process(env: Mapping[str, str], process: str) -> Environment:
    """This will give the environment of ``app``, ``worker``, ``sealer`` or ``counter``: its own address alone;
    the web is told the counter's too.

    :raises KeyError: where RUANGAMAN_DATABASE_URL is missing.
    """
    role = ROLE_OF[process]
    urls = roles.derive_urls(env)
    kept = {name: value for name, value in env.items() if name not in (OWNER_URL, *roles.VARIABLES.values())}
    told = {roles.VARIABLES[one]: urls[one] for one in (role, *ALSO.get(process, ()))}
    return {**kept, APP_URL: urls[role], **told, PROCESS: process}


def papers_storage(env: Mapping[str, str]) -> dict[str, Any]:
    """This will say where sealed files lie: a folder, or a bucket (``s3://bucket/prefix``), S3-compatible."""
    address = urlsplit(env.get("RUANGAMAN_PAPERS", ""))
    if address.scheme != "s3":
        folder = address.path or str(var_of(env) / "papers")
        return {
            "BACKEND": "ruangaman.papers.storing.Folder",
            "OPTIONS": {"location": folder, "base_url": None, "allow_overwrite": True},
        }
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": address.netloc,
            "location": address.path.strip("/"),
            "endpoint_url": env.get("RUANGAMAN_PAPERS_ENDPOINT") or None,
            "access_key": env.get("RUANGAMAN_PAPERS_KEY") or None,
            "secret_key": env.get("RUANGAMAN_PAPERS_SECRET") or None,
            "region_name": env.get("RUANGAMAN_PAPERS_REGION") or None,
            "file_overwrite": True,
            "querystring_auth": True,
        },
    }


@contextmanager
def owner(env: Mapping[str, str]) -> Iterator[Environment]:
    """This will give an owner's environment for a ``with`` block.

    With RUANGAMAN_OWNER_URL that server is used; without, the embedded one under var/, started if need be.

    :raises PostgresTrouble: where the embedded server can't be reached.
    """
    if env.get(OWNER_URL):
        yield for_owner(env)
    else:
        with reach(var_of(env)) as cluster:
            yield for_owner(with_server(env, cluster))
