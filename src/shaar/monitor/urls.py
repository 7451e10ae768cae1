"""Addresses of the monitor."""

from django.urls import path

from shaar.monitor import alertviews, views

app_name = "monitor"
urlpatterns = [
    path("staff/monitor/", views.board, name="board"),
    path("staff/monitor/wall/", views.wall, name="wall"),
    path("staff/monitor/score/", views.score, name="score"),
    path("staff/monitor/tiles/<str:code>/", views.tile, name="tile"),
    path("staff/monitor/digests/", views.digests, name="digests"),
    path("staff/monitor/digests/<str:day>/<slug:language>.pdf", views.digest, name="digest"),
    path("staff/monitor/alerts/", alertviews.alerts, name="alerts"),
    path("staff/monitor/alerts/<int:number>/", alertviews.alert, name="alert"),
    path("staff/monitor/alerts/<int:number>/<slug:step>/", alertviews.step, name="alert-step"),
]
