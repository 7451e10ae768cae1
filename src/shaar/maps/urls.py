"""Addresses of the map: its page, its style, its layers and its tiles."""

from django.urls import path

from shaar.maps import views

app_name = "maps"
urlpatterns = [
    path("map/", views.map_page, name="map"),
    path("map/style.json", views.map_style, name="style"),
    path("map/base.pmtiles", views.tiles, name="tiles"),
    path("map/base/<slug:name>.geojson", views.base_layer, name="base"),
]
