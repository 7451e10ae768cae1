"""The verbs of ratings: looking, running a round, judging, objecting, approving, publishing, regulating."""

from django.utils.translation import gettext_lazy as _

VIEW, RUN, JUDGE = "ratings.view", "ratings.run", "ratings.judge"
OBJECT, APPROVE, PUBLISH = "ratings.object", "ratings.approve", "ratings.publish"
REGULATE = "ratings.regulate"
VERBS = {
    VIEW: _("Look at ratings of units before they are published"),
    RUN: _("Open rounds of a rating, take penalties, decide objections"),
    JUDGE: _("Judge units within a rating"),
    OBJECT: _("Object to the score of one’s unit"),
    APPROVE: _("Approve a rating"),
    PUBLISH: _("Publish a rating"),
    REGULATE: _("Bring in a new version of a regulation of ratings"),
}
