from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "ruangaman.people"
    label = "people"

    def ready(self) -> None:
        from ruangaman.access.duties import register as register_duties
        from ruangaman.access.panels import register
        from ruangaman.people.duties import matches, to_decide
        from ruangaman.people.models import Contact, Profile
        from ruangaman.people.panels import contact, identity, unborn
        from ruangaman.people.panels.likenesses import likenesses
        from ruangaman.people.panels.profiles import on_top, profile
        from ruangaman.people.queries.likenesses import register_hanging

        register(3, on_top)  # before anything else: how to address her
        register(20, identity)
        register(23, likenesses)
        register(21, profile)
        register(22, contact)
        register(24, unborn)
        register_duties(to_decide)
        register_duties(matches)
        register_hanging(_("Kontak aman"), Contact, "person")
        register_hanging(_("Keadaan dan latar belakang"), Profile, "person")
