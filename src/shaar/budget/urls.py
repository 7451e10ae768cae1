"""Addresses of the budget."""

from django.urls import path

from shaar.budget import views

app_name = "budget"
urlpatterns = [
    path("budget/", views.public_page, name="public"),
    path("staff/budget/", views.index, name="index"),
    path("staff/budget/files/", views.files, name="imports"),
    path("staff/budget/files/new/", views.new, name="new-file"),
    path("staff/budget/files/<int:number>/", views.file, name="file"),
    path("staff/budget/files/<int:number>/write/", views.write, name="write-file"),
    path("staff/budget/files/<int:number>/undo/", views.undo, name="undo-file"),
    path("staff/budget/lines/", views.lines, name="lines"),
    path("staff/budget/lines/<int:number>/", views.line, name="line"),
]
