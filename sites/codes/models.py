from django.db import models


class CodeValue(models.Model):
    """One code of a list, with its labels and the days on which it may be chosen."""

    list = models.CharField(max_length=30)
    code = models.CharField(max_length=40)
    label_fr = models.CharField(max_length=120)
    label_en = models.CharField(max_length=120)
    group = models.CharField(max_length=30, blank=True)
    position = models.SmallIntegerField(default=0)
    common = models.BooleanField(default=False)
    map_hc = models.CharField(max_length=60, blank=True)
    map_cts = models.CharField(max_length=60, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE", "scs_seal": "SELECT", "scs_release": "SELECT"}
    PRIVACY = {
        "open": [
            "id", "list", "code", "label_fr", "label_en", "group", "position", "common",
            "map_hc", "map_cts", "valid_from", "valid_to",
        ]
    }  # fmt: skip

    class Meta:
        ordering = ["list", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["list", "code"], name="one_row_a_code"),
        ]

    def __str__(self):
        return f"{self.list}: {self.code}"

    def label(self, language: str) -> str:
        return self.label_en if language.startswith("en") else self.label_fr
