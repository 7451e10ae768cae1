"""Addresses of ratings."""

from django.urls import path

from shaar.ratings import publicviews, regulationviews, unitviews, views

app_name = "ratings"
urlpatterns = [
    path("ratings/", publicviews.editions, name="public"),
    path("ratings/<int:number>/", publicviews.edition, name="edition"),
    path("ratings/<int:number>/edition.json", publicviews.document, name="edition-document"),
    path("staff/ratings/", views.index, name="index"),
    path("staff/ratings/new/", views.new, name="new"),
    path("staff/ratings/regulations/new/", regulationviews.new, name="new-regulation"),
    path("staff/ratings/regulations/<int:number>/", regulationviews.regulation, name="regulation"),
    path("staff/ratings/regulations/<int:number>/file/", regulationviews.file, name="regulation-file"),
    path("staff/ratings/rounds/<int:number>/", views.round_page, name="round"),
    path("staff/ratings/rounds/<int:number>/read/", views.read_again, name="read"),
    path("staff/ratings/rounds/<int:number>/steps/<slug:code>/", views.step, name="step"),
    path("staff/ratings/rounds/<int:number>/units/<str:unit>/", unitviews.unit, name="unit"),
    path("staff/ratings/rounds/<int:number>/units/<str:unit>/judge/", unitviews.judge, name="judge"),
    path("staff/ratings/rounds/<int:number>/units/<str:unit>/penalty/", unitviews.penalty, name="penalty"),
    path("staff/ratings/entries/<int:number>/objection/", unitviews.objection_new, name="object"),
    path("staff/ratings/objections/<int:number>/", unitviews.objection, name="objection"),
    path("staff/ratings/objections/<int:number>/withdraw/", unitviews.withdraw, name="withdraw"),
]
