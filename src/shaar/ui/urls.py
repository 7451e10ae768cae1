"""The addresses of the design system: appearance, keyboard shortcuts."""

from django.urls import path

from shaar.ui import views

app_name = "ui"
urlpatterns = [
    path("theme/", views.theme, name="theme"),
    path("shortcuts/", views.shortcuts, name="shortcuts"),
]
