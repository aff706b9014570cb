from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentConfig(AppConfig):
    name = "ruangaman.consent"
    label = "consent"

    def ready(self) -> None:
        from ruangaman.access import duties as waiting
        from ruangaman.access.context import COUNTS
        from ruangaman.access.panels import register
        from ruangaman.consent import duties, panels
        from ruangaman.consent.models import Consent
        from ruangaman.consent.queries.recalls import count_open
        from ruangaman.people.queries.likenesses import register_hanging

        register(82, panels.recalls)
        waiting.register(duties.to_confirm)
        COUNTS["consent:recalls"] = count_open
        register_hanging(_("Jawaban tentang persetujuan"), Consent, "client")
