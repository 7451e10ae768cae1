"""Addresses of the monitor."""

from django.urls import path

from shaar.monitor import views

app_name = "monitor"
urlpatterns = [
    path("staff/monitor/", views.board, name="board"),
    path("staff/monitor/tiles/<str:code>/", views.tile, name="tile"),
]
