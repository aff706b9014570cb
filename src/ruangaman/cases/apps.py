from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "ruangaman.cases"
    label = "cases"

    def ready(self) -> None:
        from ruangaman.access import duties as waiting
        from ruangaman.access.panels import register
        from ruangaman.cases import duties, panels
        from ruangaman.cases.models import Incident, Need
        from ruangaman.cases.queries import first_happened, letter_facts
        from ruangaman.papers.queries.letters import register_teller
        from ruangaman.people.queries import register_day
        from ruangaman.people.queries.likenesses import register_hanging

        register(5, panels.safety)
        register(32, panels.assessment)
        register(34, panels.incident)
        register(80, panels.team)
        waiting.register(duties.to_begin)
        register_day(first_happened)
        register_teller(letter_facts)
        register_hanging(_("Kebutuhan"), Need, "client")
        register_hanging(_("Bentuk kekerasan"), Incident, "client")
