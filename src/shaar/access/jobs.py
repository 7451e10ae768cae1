"""The background jobs of `access`."""

from shaar.access import profile
from shaar.kernel.jobs import task


@task("access.ask_to_confirm_email")
def ask_to_confirm_email(user_id: int) -> None:
    """Send a person the link by which they confirm a new address."""
    profile.send_link(user_id)
