"""A room looks back, never forward, also where import tools can't see: in foreign keys, templates and addresses."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from tests.house.rooms import PACKAGE, is_later, python_files, room_of, rooms, said_at, templates, tree

ASKED = re.compile(r"{%-?\s*(url|include|extends)\s+(['\"])(?P<name>[^'\"]+)\2")
CALLS = {"reverse", "reverse_lazy", "redirect", "resolve_url"}
SHOWN = {"render", "Panel", "render_to_string", "get_template"}


def test_the_contract_of_the_rooms_names_every_room() -> None:
    there = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert there == set(rooms())


def test_no_foreign_key_points_to_a_later_room() -> None:
    ours = {model: room for model in apps.get_models() if (room := _room_of_module(model.__module__))}
    forward = [
        f"{model._meta.label}.{field.name} points to {field.related_model._meta.label}"
        for model, room in ours.items()
        for field in model._meta.local_fields
        if field.is_relation and field.related_model in ours and is_later(ours[field.related_model], room)
    ]
    assert not forward


def test_no_template_asks_for_a_template_or_address_of_a_later_room() -> None:
    forward = []
    for path in templates().values():
        for number, line in enumerate(path.read_text().splitlines(), 1):
            for asked in ASKED.finditer(line):
                there = _room_of_name(asked["name"], address=asked[1] == "url")
                if there and is_later(there, room_of(path)):
                    forward.append(f"{said_at(path, number)} asks for {asked['name']}")
    assert not forward


def test_no_module_asks_for_a_template_or_address_of_a_later_room() -> None:
    forward = []
    for path in python_files():
        for call, name in _names_asked(tree(path)):
            there = _room_of_name(name, address=call in CALLS)
            if there and is_later(there, room_of(path)):
                forward.append(f"{path.relative_to(PACKAGE)} asks for {name}")
    assert not forward


def test_every_template_that_is_asked_for_is_there() -> None:
    ours = templates()
    missing = []
    for path in ours.values():
        for asked in ASKED.finditer(path.read_text()):
            if asked[1] != "url" and asked["name"] not in ours and not _is_of_a_package(asked["name"]):
                missing.append(f"{path.relative_to(PACKAGE)} asks for {asked['name']}")
    for path in python_files():
        for call, name in _names_asked(tree(path)):
            if call in SHOWN and name not in ours:
                missing.append(f"{path.relative_to(PACKAGE)} asks for {name}")
    assert not missing


def test_every_address_of_ours_has_a_door() -> None:
    open_ones = [
        path
        for path, pattern in _addresses(get_resolver().url_patterns)
        if pattern.callback.__module__.startswith("ruangaman.")
        and getattr(pattern.callback, "door", None) not in ("public", "staff")
    ]
    assert not open_ones


def _addresses(
    patterns: list[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, before + str(pattern.pattern))
        else:
            yield before + str(pattern.pattern), pattern


def _room_of_module(module: str) -> str:
    parts = module.split(".")
    return parts[1] if parts[0] == "ruangaman" else ""


def _room_of_name(name: str, *, address: bool) -> str:
    """The room that an address (``room:name``) or a template belongs to; nothing where it is another package's."""
    if address:
        room, colon, _rest = name.partition(":")
        return room if colon and room in rooms() else ""
    found = templates().get(name)
    return room_of(found) if found else ""


def _names_asked(module: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in CALLS | SHOWN:
                names = [given.value for given in node.args[:2] if isinstance(given, ast.Constant)]
                for name in names:
                    if isinstance(name, str) and (":" in name or name.endswith(".html")):
                        yield called, name


def _is_of_a_package(name: str) -> bool:
    from django.template.loader import get_template

    origin = get_template(name).template.origin.name
    return PACKAGE not in Path(origin).parents
