"""The person who signs in."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A member of staff or a citizen who signs in."""

    groups = None  # type: ignore[assignment]
    user_permissions = None  # type: ignore[assignment]
