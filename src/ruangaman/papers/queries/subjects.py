"""Whom a letter is about, and what a partner may be told of them."""

from datetime import datetime
from uuid import UUID

from ruangaman.access.queries import Viewer
from ruangaman.consent.queries.sharing import shared_of
from ruangaman.papers.policies.letters import NEVER_MORE, Wanted
from ruangaman.people.models import Person
from ruangaman.people.queries import clients_of


def client_about(viewer: Viewer, dossier_id: UUID, wanted: Wanted) -> Person | None:
    """This will give the client whom a letter is about: the one chosen, else the first; one query."""
    clients = clients_of(viewer, dossier_id)
    return next((one for one in clients if one.id == wanted.client), clients[0] if clients else None)


def subject_of(viewer: Viewer, dossier_id: UUID, wanted: Wanted) -> UUID | None:
    """This will give the client a letter is kept under, whatever it tells of her; a surat tugas is about nobody."""
    client = None if wanted.kind in NEVER_MORE else client_about(viewer, dossier_id, wanted)
    return client.id if client else None


def agreed(viewer: Viewer, dossier_id: UUID, wanted: Wanted, at: datetime) -> frozenset[str]:
    """This will give the sections that the partner a letter is for may be told of the client it is about; three
    queries. Of several, where none was chosen yet, what each of them agreed to.
    """
    assert wanted.organisation is not None
    shared = shared_of(viewer, dossier_id, wanted.organisation, at)
    about = [one.one_id for one in clients_of(viewer, dossier_id) if wanted.client in (None, one.id)]
    sections = [shared.get(one, set()) for one in about]
    return frozenset(set.intersection(*sections)) if sections else frozenset()
