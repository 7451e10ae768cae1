"""Addresses of the portal: the first page, what makes it an app, news, text pages."""

from django.urls import path

from shaar.portal import home, installing
from shaar.portal.news import staff, views
from shaar.portal.opendata import views as data
from shaar.portal.pages import views as pages
from shaar.portal.pages.texts import TITLES
from shaar.portal.push import views as push
from shaar.portal.statistics import views as statistics

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("manifest.<slug:language>.webmanifest", installing.manifest, name="manifest"),
    path("sw.js", installing.worker, name="worker"),
    path("offline/", installing.offline, name="offline"),
    path("news/", views.index, name="news"),
    path("news/push/", push.index, name="push"),
    path("news/<slug:language>.<slug:form>", views.feed, name="feed"),
    path("news/<int:number>/", views.article, name="article"),
    path("news/<int:number>/files/<int:file>/", views.article_file, name="article-file"),
    path("staff/news/", staff.index, name="staff-news"),
    path("staff/news/new/", staff.new, name="new-article"),
    path("staff/news/<int:number>/", staff.edit, name="edit-article"),
    path("staff/news/<int:number>/step/", staff.step, name="article-step"),
    path("staff/news/<int:number>/files/", staff.files, name="article-files"),
    *(path(f"{code}/", pages.page, {"code": code}, name=code) for code in TITLES),
    path("data/", data.index, name="data"),
    path("data/catalogue.<slug:form>", data.catalogue, name="catalogue"),
    path("data/<slug:code>/", data.dataset, name="dataset"),
    path("data/<slug:code>.<slug:kind>.json", data.dataset_schema, name="dataset-schema"),
    path("data/<slug:code>.<slug:form>", data.dataset_file, name="dataset-file"),
    path("staff/statistics/", statistics.index, name="statistics"),
    path("staff/pages/", pages.index, name="staff-pages"),
    path("staff/pages/<slug:code>/", pages.edit, name="edit-page"),
]
