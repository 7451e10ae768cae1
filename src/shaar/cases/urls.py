"""The addresses of files and of the staff workspace."""

from django.urls import include, path

from shaar.cases import views
from shaar.cases.desk import views as desk
from shaar.cases.notices import views as notices
from shaar.cases.running import views as running

STAFF = [
    path("", desk.inbox, name="inbox"),
    path("cases/", desk.act, name="act"),
    path("filters/", desk.save_filter, name="save-filter"),
    path("filters/<int:number>/", desk.change_filter, name="change-filter"),
    path("notices/", notices.index, name="notices"),
    path("notices/bell/", notices.bell, name="bell"),
    path("notices/read/", notices.mark_all, name="mark-all"),
    path("notices/<int:number>/", notices.open_notice, name="notice"),
    path("settings/notices/", notices.settings, name="notice-settings"),
    path("settings/notices/addresses/", notices.bind, name="bind"),
    path("jobs/", running.jobs, name="jobs"),
    path("jobs/<int:number>/", running.change_job, name="change-job"),
    path("health/", running.health_page, name="health"),
    path("channels/", running.channels_page, name="channels"),
    path("channels/change/", running.change_channel, name="change-channel"),
    path("words/", running.words_list, name="words-list"),
    path("words/<str:kind>/<slug:language>/", running.words, name="words"),
]
urlpatterns = [
    path("health/", running.ready, name="ready"),
    path("health/live/", running.alive, name="alive"),
    path("files/<int:file_id>/", views.download, name="file"),
    path("staff/", include((STAFF, "cases"))),
]
