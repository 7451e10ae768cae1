"""The one table of maps: the layers of the generalised base map that a city pack gives."""

from django.db import models
from django.db.models import Q


class BaseLayer(models.Model):
    """A layer of the base map as GeoJSON text, with the hash that its address carries."""

    name = models.CharField(max_length=40, unique=True)
    content = models.TextField()
    hash = models.CharField(max_length=64)
    attribution = models.CharField(max_length=300)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=200)

    class Meta:
        verbose_name = "base layer"
        constraints = [
            models.CheckConstraint(condition=~Q(attribution=""), name="base_layer_names_its_source"),
        ]

    def __str__(self) -> str:
        return self.name
