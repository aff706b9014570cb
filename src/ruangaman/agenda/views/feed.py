"""One's private calendar feed."""

from django.urls import URLPattern

addresses: list[URLPattern] = []
