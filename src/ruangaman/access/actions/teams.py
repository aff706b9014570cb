"""Whom a change of a team concerns beyond its own file: later rooms say so when they start."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from ruangaman.access.models import Dossier

# (the file, who joined or left, who put them there, when), in the transaction of the change.
Follower = Callable[[Dossier, UUID, UUID, datetime], None]
_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """This will call ``follower`` whenever somebody joins or leaves a team."""
    if follower not in _followers:
        _followers.append(follower)


def changed(*, dossier: Dossier, person: UUID, by: UUID, at: datetime) -> None:
    """This will tell everybody who asked that a team changed."""
    for follower in _followers:
        follower(dossier, person, by, at)
