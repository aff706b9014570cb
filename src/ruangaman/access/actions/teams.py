"""Whom a change of a team concerns beyond its own file: later rooms say so when they start."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from ruangaman.access.models import Dossier


class Follower(Protocol):
    """Called in the transaction in which ``by`` put somebody on a team, or took them off it."""

    def __call__(self, *, dossier: Dossier, person: UUID, by: UUID, at: datetime) -> None: ...


_followers: list[Follower] = []


def follow(*, follower: Follower) -> None:
    """This will call ``follower`` whenever somebody joins or leaves a team."""
    if follower not in _followers:
        _followers.append(follower)


def changed(*, dossier: Dossier, person: UUID, by: UUID, at: datetime) -> None:
    """This will tell everybody who asked that a team changed."""
    for follower in _followers:
        follower(dossier=dossier, person=person, by=by, at=at)
