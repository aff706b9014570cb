"""A file that was attached, for tests of others."""

from ruangaman.access.models import User
from ruangaman.access.states import Section
from ruangaman.kernel import clock
from ruangaman.papers.actions.files import add_whole
from ruangaman.papers.models import Paper
from ruangaman.papers.states import Origin, PaperKind
from tests.papers import makings
from tests.worlds import Filed, World, acting


def attached(world: World, filed: Filed, who: User) -> Paper:
    """A recording, kept in the section of the story."""
    with acting(who):
        return add_whole(
            viewer=world.viewer(who),
            dossier=filed.dossier,
            kind=PaperKind.RECORDING,
            section=Section.NARRATIVE,
            origin=Origin.CLIENT,
            subject=None,
            is_evidence=False,
            name="rekaman.wav",
            note="",
            content=makings.sound(),
            content_type="audio/wav",
            at=clock.now(),
        )
