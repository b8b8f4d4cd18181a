from django.db import models

from sites.operations.terms import WORDS


class BackupMade(models.Model):
    """A backup that was read back, restored into a scratch database and compared. Insert-only."""

    made_at = models.DateTimeField()
    verified_at = models.DateTimeField()
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    rows = models.BigIntegerField()
    app_version = models.CharField(max_length=20)

    GRANTS = {"scs_app": "SELECT, INSERT"}
    PRIVACY = {"open": ["id", "made_at", "verified_at", "name", "sha256", "size", "app_version"],
               "never": ["rows"]}  # fmt: skip


class Trouble(models.Model):
    """Something that stopped: told once when it began, once when it is over."""

    name = models.CharField(max_length=40)
    since = models.DateTimeField()
    over_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    told_over_at = models.DateTimeField(null=True)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE"}
    PRIVACY = {"open": ["id", "name", "since", "over_at", "told_at", "told_over_at"]}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(over_at=None), name="one_trouble_at_a_time"
            )
        ]

    @property
    def title(self):
        return WORDS[self.name].title
