"""Tables of the portal: what the city pack says of the public face."""

from django.db import models


class Face(models.Model):
    """The words of the public pages as the city pack gives them; there is one row at most."""

    code = models.CharField(max_length=20, unique=True)
    words = models.JSONField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.code
