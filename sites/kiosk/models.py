from django.db import models

from sites.places.models import SiteRow


class ErasureRequest(SiteRow):
    """Someone asked to be forgotten, and took a code.

    `client_ref` is there only while something stands in the way; once done, nobody is left to be named.
    """

    code = models.CharField(max_length=8)
    asked_on = models.DateField()
    by = models.CharField(max_length=40)
    client_ref = models.BigIntegerField(null=True)
    done_on = models.DateField(null=True)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE (client_ref, done_on)"}
    PRIVACY = {"open": ["id", "site", "code", "asked_on", "done_on"], "never": ["by", "client_ref"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="one_erasure_a_code")]
