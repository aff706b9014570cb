"""How background tasks are set up."""

from procrastinate import App


def on_app_ready(app: App) -> None:
    """This will let each task be found in the ``jobs`` module of its room."""
