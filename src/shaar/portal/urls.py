"""Addresses of the portal: the first page, what makes it an app, news, text pages."""

from django.urls import path

from shaar.portal import home, installing
from shaar.portal.news import staff, views
from shaar.portal.pages import views as pages
from shaar.portal.pages.texts import TITLES

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("manifest.<slug:language>.webmanifest", installing.manifest, name="manifest"),
    path("sw.js", installing.worker, name="worker"),
    path("offline/", installing.offline, name="offline"),
    path("news/", views.index, name="news"),
    path("news/<slug:language>.<slug:form>", views.feed, name="feed"),
    path("news/<int:number>/", views.article, name="article"),
    path("news/<int:number>/files/<int:file>/", views.article_file, name="article-file"),
    path("staff/news/", staff.index, name="staff-news"),
    path("staff/news/new/", staff.new, name="new-article"),
    path("staff/news/<int:number>/", staff.edit, name="edit-article"),
    path("staff/news/<int:number>/step/", staff.step, name="article-step"),
    path("staff/news/<int:number>/files/", staff.files, name="article-files"),
    *(path(f"{code}/", pages.page, {"code": code}, name=code) for code in TITLES),
    path("staff/pages/", pages.index, name="staff-pages"),
    path("staff/pages/<slug:code>/", pages.edit, name="edit-page"),
]
