from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "ruangaman.people"
    label = "people"

    def ready(self) -> None:
        from ruangaman.access.panels import register
        from ruangaman.people.panels import contact, identity
        from ruangaman.people.panels.profiles import on_top, profile

        register(3, on_top)  # before anything else: how to address her
        register(20, identity)
        register(21, profile)
        register(22, contact)
