from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClosureConfig(AppConfig):
    name = "ruangaman.closure"
    label = "closure"

    def ready(self) -> None:
        from ruangaman.access.panels import register
        from ruangaman.closure import panels
        from ruangaman.closure.models import Return
        from ruangaman.people.queries.likenesses import register_hanging

        register(80, panels.way_home)
        register_hanging(_("Kepulangan"), Return, "client")
