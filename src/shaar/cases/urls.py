"""The addresses of files and of the staff workspace."""

from django.urls import include, path

from shaar.cases import views
from shaar.cases.desk import views as desk

STAFF = [
    path("", desk.inbox, name="inbox"),
    path("cases/", desk.act, name="act"),
    path("filters/", desk.save_filter, name="save-filter"),
    path("filters/<int:number>/", desk.change_filter, name="change-filter"),
]
urlpatterns = [
    path("files/<int:file_id>/", views.download, name="file"),
    path("staff/", include((STAFF, "cases"))),
]
