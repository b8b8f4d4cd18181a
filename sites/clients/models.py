from django.db import models

from sites.places.models import SiteRow


class Client(SiteRow):
    """Someone who agreed to be remembered at this site, by a keyed code and nothing else."""

    code = models.BinaryField(max_length=32)
    first_agreed_on = models.DateField()

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE, DELETE"}
    PRIVACY = {"open": ["id", "site"], "never": ["code", "first_agreed_on"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="one_client_a_code")]


class Agreement(SiteRow):
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="agreements")
    record_id = models.UUIDField()
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=5)
    agreed_at = models.DateTimeField()

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE (version, language, agreed_at), DELETE"}
    PRIVACY = {
        "open": ["id", "site", "version", "language"],
        "never": ["client", "record_id", "agreed_at"],
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "record_id"], name="one_agreement_a_record")]


class DayToken(SiteRow):
    """Someone came on this service day. Keyed apart from the handle code and tied to no visit."""

    day = models.DateField()
    token = models.BinaryField(max_length=8)

    GRANTS = {"scs_app": "SELECT, INSERT, DELETE"}
    PRIVACY = {"open": ["id", "site"], "coarsened": ["day"], "never": ["token"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "day", "token"], name="one_token_a_day")]


class MonthToken(SiteRow):
    """Someone came in this month (named by its first day), keyed with the month's own key."""

    month = models.DateField()
    token = models.BinaryField(max_length=8)

    GRANTS = {"scs_app": "SELECT, INSERT, DELETE", "scs_seal": "SELECT (id, site_id, month), DELETE"}
    PRIVACY = {"open": ["id", "site"], "coarsened": ["month"], "never": ["token"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "month", "token"], name="one_token_a_month")]
