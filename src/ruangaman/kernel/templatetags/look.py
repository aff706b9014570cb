"""Template tags of the look: a page of a dossier is put together from panels that rooms hand in."""

from typing import Any, TypedDict

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

register = template.Library()


class Panel(TypedDict):
    template: str
    title: str
    context: dict[str, Any]


@register.simple_tag(takes_context=True)
def render_panel(context: Context, panel: Panel) -> SafeString:
    """This will draw a panel with its values on top of the page's, which carry the form token and the viewer.

    :raises TemplateDoesNotExist: where the room named a template that isn't there.
    """
    engine = context.template.engine  # type: ignore[union-attr]
    with context.push(**panel["context"], panel_title=panel["title"]):
        return engine.get_template(panel["template"]).render(context)
