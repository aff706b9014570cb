from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PapersConfig(AppConfig):
    name = "ruangaman.papers"
    label = "papers"

    def ready(self) -> None:
        from ruangaman.access import duties as waiting
        from ruangaman.access import panels as shown
        from ruangaman.consent.queries.holdings import register_holding
        from ruangaman.papers import duties, panels
        from ruangaman.papers.models import Paper
        from ruangaman.papers.queries.holdings import held
        from ruangaman.people.queries.likenesses import register_hanging

        waiting.register(duties.openings_to_decide)
        shown.register(60, panels.papers)
        shown.register(65, panels.letters)
        register_holding(held)
        register_hanging(_("Dokumen"), Paper, "subject")
