"""The path through the public form: which page comes after which, and what of the answers counts. Pure."""

from collections.abc import Mapping
from typing import Any

from ruangaman.intake.states import CHILD_BANDS, Means, Step

# What each page asks. An answer counts only while its page is on the path.
FIELDS: dict[Step, tuple[str, ...]] = {
    Step.ABOUT: ("danger_now", "reporter_kind", "for_whom", "age_band", "about_staff", "accused"),
    Step.CHILD: ("trusted", "must_not_know"),
    Step.WHAT: ("story",),
    Step.FILES: (),
    Step.WHERE: ("place",),
    Step.REACH: ("means", "never_call"),
    Step.CONTACT: ("name", "phone", "weekdays", "from_time", "until_time", "hours", "code_word"),
    Step.CHECK: (),
}

# What somebody puts into words of their own.
TYPED = ("accused", "trusted", "must_not_know", "story", "name", "phone", "hours", "code_word")

MOST_FILES = 10
# Beyond so many within the hour a report is kept and queued, and never refused. Source: security.md 16.
FLOOD_FROM_ONE, FLOOD_WITHOUT_WORK, FLOOD_SECONDS = 30, 300, 3600
# A stranger's files take up room until their draft is over.
FILES_FROM_ONE = 300


def is_child(answers: Mapping[str, Any]) -> bool:
    """This will say whether who writes said that they are under 18. Source: care.md 12, 13."""
    return answers.get("age_band") in CHILD_BANDS


def path(answers: Mapping[str, Any]) -> tuple[Step, ...]:
    """This will give the pages for these answers, in order.

    A child is asked whom they trust, and never for a parent (care.md 12). Files are asked for only where somebody wants
    to add some, and a number only where somebody wants to be written to or called.
    """
    skipped = set()
    if not is_child(answers):
        skipped.add(Step.CHILD)
    if not answers.get("wants_files"):
        skipped.add(Step.FILES)
    if answers.get("means") not in (Means.TEXT, Means.CALL):
        skipped.add(Step.CONTACT)
    return tuple(step for step in Step if step not in skipped)


def next_step(step: str, answers: Mapping[str, Any]) -> Step:
    """This will give the page after this one; after the last one it stays."""
    pages, order = path(answers), tuple(Step)
    here = order.index(Step(step))
    return next((page for page in pages if order.index(page) > here), Step.CHECK)


def previous_step(step: str, answers: Mapping[str, Any]) -> Step:
    """This will give the page before this one; before the first one it stays."""
    pages, order = path(answers), tuple(Step)
    here = order.index(Step(step))
    return next((page for page in reversed(pages) if order.index(page) < here), Step.ABOUT)


def counted(answers: Mapping[str, Any]) -> dict[str, Any]:
    """This will give the answers of the pages that are on the path: who changed their mind has not told the rest.

    Without a number nobody can write or call, whatever was chosen: then the code is the way.
    """
    asked = {name for step in path(answers) for name in FIELDS[step]}
    kept = {name: value for name, value in answers.items() if name in asked}
    if not kept.get("phone") and kept.get("means"):
        kept["means"] = Means.CODE.value
    return kept
