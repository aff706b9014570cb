"""Draw the pages of the documentation that come from the policy files, and the words that are read out."""

from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from ruangaman.access.matrix import cells
from ruangaman.access.states import Section, Stage
from ruangaman.consent.policies import wording
from ruangaman.intake.policies import delivering
from ruangaman.intake.policies.triage import leads
from ruangaman.intake.states import REASONS, TRIAGE_MOVES, UNDECIDED, Triage, TriageReason
from ruangaman.kernel import dictionary

DRAWN = "<!-- Drawn by draw_docs: change the policy file, then run `make drawn`. -->"
REACHES = {
    "unit": "every dossier of the unit where the person holds the role",
    "grant": "only dossiers for which the person or partner agency holds a live grant of that section",
    "scope": "the one dossier that a narrowed ticket names; nobody signs in with it",
}


class Command(BaseCommand):
    help = "Draw the pages of docs/ that come from what the program holds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?", default=Path("docs"))

    def handle(self, *args: Any, **options: Any) -> None:
        for name, text in pages().items():
            (options["folder"] / name).write_text(text, encoding="utf-8")
            self.stdout.write(f"{options['folder'] / name}")


def pages() -> dict[str, str]:
    """This will give each drawn page by its file name."""
    return {
        "access-matrix.md": matrix_page(),
        "data-dictionary.md": dictionary_page(),
        "consent-form.md": consent_page(),
        "triage.md": triage_page(),
        "api-fields.md": fields_page(),
    }


def matrix_page() -> str:
    """This will draw policy/matrix.yaml as one table for each role."""
    names: dict[str, str] = yaml.safe_load(files("ruangaman.policy").joinpath("matrix.yaml").read_text())[
        "roles"
    ]
    parts = [
        "# The access matrix",
        DRAWN,
        "Role × stage × section, as the database enforces it. **r** may read, **w** may write, · nothing. "
        "A wall closes a dossier to somebody whatever their role, and no cell opens it again.",
        "\n".join(f"- **{reach}**: {meaning}" for reach, meaning in REACHES.items()),
    ]
    by_role: dict[str, dict[str, dict[str, str]]] = {name: {} for name in names}
    for cell in cells():
        row = by_role.setdefault(cell.role, {}).setdefault(f"{cell.reach}.{cell.stage}", {})
        row[cell.section] = "r" * cell.reads + "w" * cell.writes
    for role, rows in by_role.items():
        parts.append(f"## {role}" + (f" ({names[role]})" if role in names else ""))
        if not rows:
            parts.append("Opens no dossier.")
            continue
        parts.append(
            _table(
                ["section", *(name.replace(".", ", ") for name in rows)],
                [[s, *(row.get(s, "·") for row in rows.values())] for s in Section.values if _any(rows, s)],
            )
        )
    parts.append("## Stages\n\n" + ", ".join(f"{stage.value} ({stage.label})" for stage in Stage))
    return "\n\n".join(parts) + "\n"


def dictionary_page() -> str:
    """This will draw policy/data.yaml: what each code means, then each table with its fields."""
    parts = [
        "# The data dictionary",
        DRAWN,
        "Each field that is stored: how sensitive it is, how it is sealed, for how long it is kept, why it may be, and "
        "what an erasure does to it. Legal bases are read from secondary sources; the controller's lawyer confirms "
        "them.",
    ]
    for kind, meanings in dictionary.codes().items():
        rows = [[f"`{code}`", str(meaning["id"]), str(meaning["en"])] for code, meaning in meanings.items()]
        parts += [f"## {kind.replace('_', ' ')}", _table(["code", "arti", "meaning"], rows)]
    parts.append("## Tables")
    everything = sorted({**dictionary.lines(), **dictionary.columns()}.items())
    for table, named in groupby(everything, key=lambda entry: entry[0].rpartition(".")[0]):
        fields = [
            [name.rpartition(".")[2], *(str(getattr(line, kind)) for kind in dictionary.KINDS)]
            for name, line in named
        ]
        parts += [
            f"### {table}",
            _table(["field", *(kind.replace("_", " ") for kind in dictionary.KINDS)], fields),
        ]
    return "\n\n".join(parts) + "\n"


def consent_page() -> str:
    """This will draw the words that are read out before somebody answers, in Indonesian and in English."""
    parts = [
        "# The words that are read out",
        DRAWN.replace("change the policy file", "change consent/policies/wording.py"),
        f"Version {wording.VERSION}. Each answer keeps the number of the words it was given to. Sentences have at most "
        "fifteen words, and none of an office or of the law; a test measures the Indonesian ones, which are what is "
        "read out. Adults hear the same text without the last part. Why it is so: "
        "[adr/0016](adr/0016-what-a-consent-is.md).",
    ]
    for language, name in (("id", "Bahasa Indonesia"), ("en", "English")):
        with translation.override(language):
            parts.append(f"## {name}")
            for passage in wording.PASSAGES:
                parts += [f"### {passage.heading}", " ".join(str(sentence) for sentence in passage.sentences)]
    return "\n\n".join(parts) + "\n"


# What a pattern means to who writes a client.
FORMS = {
    delivering.NUMBER: "at most 64 letters (A–Z), digits, `.`, `_` and `-`; a letter or digit first",
    delivering.PLACE: "a code like `31`, `31.73`, `31.73.01` or `31.73.01.1001`",
    delivering.HOUR: "`00:00` to `23:59`; both hours or neither, the first one earlier",
}


def fields_page() -> str:
    """This will draw what a partner's application hands over, as it is read (intake/policies/delivering.py)."""
    parts = [
        "# Fields of a report that is handed over",
        DRAWN.replace("change the policy file", "change intake/policies/delivering.py"),
        "How an application connects: [api.md](api.md). Unknown names are refused.",
    ]
    for language, name in (("id", "Bahasa Indonesia"), ("en", "English")):
        with translation.override(language):
            parts += [f"## {name}", _table(["field", "value", "", ""], _field_rows(delivering.FIELDS))]
    return "\n\n".join(parts) + "\n"


def _field_rows(fields: tuple[delivering.Field, ...], before: str = "") -> list[list[str]]:
    rows: list[list[str]] = []
    for one in fields:
        holds = {
            delivering.Kind.TEXT: FORMS.get(one.pattern) or f"text, at most {one.most:,} characters",
            delivering.Kind.CHOICE: "one of " + ", ".join(f"`{choice}`" for choice in one.choices),
            delivering.Kind.CHOICES: "a list, each once, of "
            + ", ".join(f"`{choice}`" for choice in one.choices),
            delivering.Kind.YES_NO: "`true` or `false`",
            delivering.Kind.GROUP: "an object",
        }[one.kind]
        rows.append([f"`{before}{one.name}`", holds, "required" if one.required else "", str(one.says)])
        rows += _field_rows(one.fields, f"{before}{one.name}.")
    return rows


def triage_page() -> str:
    """This will draw intake.states.TRIAGE_MOVES: from where a report may go where, for which reasons, and how."""
    parts = [
        "# Where a report goes",
        DRAWN.replace("change the policy file", "change intake/states"),
        "Nothing else is a legal move of triage. Each one is kept with its reason, who decided it and when; an answer "
        "to the reporter is a move and no decision. What the rules ask before a decision stands, each with its source, "
        "in `intake/policies/triage.py`.",
    ]
    rows = []
    for now in Triage:
        for to in Triage:
            if (now, to) in TRIAGE_MOVES:
                held = [one for one in TriageReason if one in REASONS[to] and leads(now, to, one)]
                rows.append(
                    [
                        f"`{now.value}` {now.label}",
                        f"`{to.value}` {to.label}",
                        "; ".join(str(one.label) for one in held),
                        _done_by(now, to),
                    ]
                )
    parts.append(_table(["from", "to", "reasons", "by"], rows))
    return "\n\n".join(parts) + "\n"


def _done_by(now: str, to: str) -> str:
    if to == Triage.ANSWERED and now == Triage.RECEIVED:
        return "the database, with the first answer"
    named = {Triage.DUPLICATE: "merging", Triage.OTHER_REGION: "handing over to another region"}
    if now in (Triage.DUPLICATE, Triage.OTHER_REGION):
        return "undoing: " + named[Triage(now)]
    if to in UNDECIDED and now == Triage.NOT_IN_SCOPE:
        return "undoing: the page of triage, or the queue of a flood"
    if to in UNDECIDED:
        return "undoing: the page of triage"
    return named.get(Triage(to), "the page of triage")


def _any(rows: dict[str, dict[str, str]], section: str) -> bool:
    return any(section in row for row in rows.values())


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
