from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JusticeConfig(AppConfig):
    name = "ruangaman.justice"
    label = "justice"

    def ready(self) -> None:
        from ruangaman.access import duties as waiting
        from ruangaman.access.panels import register, register_client
        from ruangaman.justice import duties, panels
        from ruangaman.justice.models import LegalStep
        from ruangaman.people.queries.likenesses import register_hanging

        register(6, panels.accused)
        register(7, panels.pressure)
        register(70, panels.process)
        register_client(30, panels.client_legal)
        register(81, panels.walls)
        waiting.register(duties.accused)
        register_hanging(_("Langkah hukum"), LegalStep, "client")
