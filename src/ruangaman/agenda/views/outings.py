"""Going out and coming back."""

from django.urls import URLPattern

addresses: list[URLPattern] = []
