"""A hundred letters: issued as an installation issues them, and only set.

    python -m benchmarks.letters [--small 1000]

Issued: the number taken, the case's values opened, the PDF set, sealed and on the disk, the letter and its entry in the
ledger committed (fsync on). Set: the same PDF without a database. Eight at once share one series of numbers.
"""

import sys
import threading
import time
from typing import Any

from benchmarks.generator import arguments, ensure, plan_of
from benchmarks.ground import connection_to, ground, step_to
from benchmarks.measure import Figures, milliseconds, percentile

LETTERS = 100
AT_ONCE = 8
SECONDS = 30  # for a hundred letters, one after the other: what a secretary sends out on a busy day


def measure(figures: Figures, desk: Any, url: str, reference: str) -> None:
    """This will issue and set letters of one report."""
    from django.db import transaction

    from ruangaman.access.queries import dossier_by_reference
    from ruangaman.kernel import clock
    from ruangaman.kernel.ids import new_id
    from ruangaman.papers.actions import letters
    from ruangaman.papers.policies.letters import Wanted
    from ruangaman.papers.queries.letters import template_of

    wanted = Wanted(kind="summary", recipient=("Direktur RS Contoh",), addition="Paragraf tambahan. " * 20)

    def issue() -> object:
        dossier = dossier_by_reference(desk.viewer, reference)
        assert dossier is not None
        template = template_of(desk.viewer, dossier.unit_id, wanted.kind)
        assert template is not None
        return letters.issue(
            viewer=desk.viewer,
            dossier=dossier,
            template=template,
            wanted=wanted,
            letter_id=new_id(),
            at=clock.now(),
        )

    one = desk.doing(issue)
    for _ in range(3):
        one()
    taken = [milliseconds(one) for _ in range(LETTERS)]
    figures.tell(f"{LETTERS} letters issued, one after the other", sum(taken) / 1000, "s", at_most=SECONDS)
    figures.tell("a letter issued, median", percentile(taken, 0.5), "ms")
    figures.tell("a letter issued, p95", percentile(taken, 0.95), "ms")

    wrong: list[BaseException] = []

    def hand() -> None:
        own = connection_to(url)
        step_to(own)
        try:
            for _ in range(LETTERS // AT_ONCE):
                with desk.acting(), transaction.atomic():
                    issue()
        except BaseException as error:
            wrong.append(error)
        finally:
            own.close()

    hands = [threading.Thread(target=hand) for _ in range(AT_ONCE)]
    began = time.perf_counter()
    for thread in hands:
        thread.start()
    for thread in hands:
        thread.join()
    if wrong:
        raise wrong[0]
    per_second = AT_ONCE * (LETTERS // AT_ONCE) / (time.perf_counter() - began)
    figures.tell(f"letters of one unit issued by {AT_ONCE} at once", per_second, "/s")


def set_only(figures: Figures) -> None:
    """This will set the same letter without a database."""
    from datetime import date

    from ruangaman.papers import typesetting
    from ruangaman.papers.policies.layout import Content, Head, lay_out
    from ruangaman.papers.policies.letters import FIELDS, redact
    from ruangaman.papers.policies.shipped import shipped_letters
    from ruangaman.papers.policies.writing import fields_in, parse
    from ruangaman.papers.queries.letters import sample_of

    kind, title, _code, body = next(one for one in shipped_letters() if one[0] == "summary")
    redaction = redact(kind, fields_in(body), covered=[field.section for field in FIELDS.values()], extra=())
    head = Head(
        ["PEMERINTAH CONTOH", "UPTD CONTOH", "Jalan Contoh 1"], "Kota Contoh", "Kepala", "Contoh", "1970"
    )
    content = Content(
        kind, title, parse(body), sample_of(kind), redaction, ("Direktur RS Contoh",), ("Arsip",)
    )
    code = "A" * 26

    def work(number: int) -> bytes:
        square = typesetting.square(f"https://contoh.example/asli/{code}/")
        document = lay_out(
            content,
            head,
            number=f"{number}/RK/2026",
            day=date(2026, 11, 23),
            square=square,
            code=code,
            site="contoh",
        )
        return typesetting.pdf(document)

    work(0)
    taken = [milliseconds(lambda number=number: work(number)) for number in range(1, LETTERS + 1)]
    figures.tell(f"{LETTERS} letters only set", sum(taken) / 1000, "s")
    figures.tell("a letter only set, median", percentile(taken, 0.5), "ms")
    figures.tell("a letter only set, p95", percentile(taken, 0.95), "ms")


def main() -> int:
    words = arguments(__doc__, (1_000, 1_000))
    figures = Figures()
    with ground() as where:
        plan = plan_of(words, words.small)
        ensure(where, plan)
        from benchmarks.acting import Desk
        from ruangaman.access.models import Dossier
        from ruangaman.access.states import Role
        from ruangaman.kernel import clock
        from ruangaman.papers.actions import templates

        head = Desk(where, plan, plan.person(Role.HEAD))
        unit = head.viewer.seats[0]
        head.doing(
            lambda: templates.set_letterhead(
                viewer=head.viewer,
                unit_id=unit.organisation_id,
                unit_name=unit.organisation_name,
                lines="PEMERINTAH CONTOH\nUPTD CONTOH",
                town="Kota Contoh",
                signer_title="Kepala",
                signer_name="Contoh",
                signer_number="",
                scheme="{nomor}/{kode}/UPTD/{bulan}/{tahun}",
                at=clock.now(),
            )
        )()
        officer = Desk(where, plan, plan.person(Role.INTAKE_OFFICER))
        found = officer.doing(
            lambda: (
                Dossier.objects.filter(unit_id=unit.organisation_id, stage="intake").order_by("id").first()
            )
        )()
        assert isinstance(found, Dossier)
        measure(figures, officer, where.app_url(plan.size), found.reference)
        set_only(figures)
    return figures.end()


if __name__ == "__main__":
    sys.exit(main())
