"""Buildings, rooms, vehicles and interpreters of a unit."""

from django.urls import URLPattern

addresses: list[URLPattern] = []
