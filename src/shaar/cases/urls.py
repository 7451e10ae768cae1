"""The address of files."""

from django.urls import path

from shaar.cases import views

urlpatterns = [
    path("files/<int:file_id>/", views.download, name="file"),
]
