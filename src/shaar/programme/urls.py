"""Addresses of programmes."""

from django.urls import path

from shaar.programme.views import public

app_name = "programme"
HOME = "programmes/<slug:code>/"
urlpatterns = [
    path("programmes/", public.index, name="index"),
    path(HOME, public.programme, name="programme"),
    path(f"{HOME}directions/<int:number>/", public.direction, name="direction"),
    path(f"{HOME}measures/", public.measures, name="measures"),
    path(f"{HOME}measures/measures.csv", public.measures_csv, name="measures-csv"),
    path(f"{HOME}measures/measures.json", public.measures_json, name="measures-json"),
    path(f"{HOME}measures/<str:measure>/", public.measure, name="measure"),
]
