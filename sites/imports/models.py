from django.db import models

from sites.imports.terms import State
from sites.keyring.fields import SealedText
from sites.places.models import SiteRow


class Import(SiteRow):
    """One file of past registers: who brought it, how it is read, how far it got.

    No content is here: `mapping` names columns by number and values by their keyed digest, `tally` counts
    records by day and kind.
    """

    ref = models.UUIDField(unique=True)
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.MAPPING)
    by = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    uploaded_at = models.DateTimeField()
    file_name = SealedText(blank=True)
    digest = models.BinaryField(max_length=32)
    rows = models.PositiveIntegerField()
    mapping = models.JSONField(default=dict)
    # Rows, or stories when it is undone, that are done with.
    position = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    already = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    notices = models.JSONField(default=dict)
    tally = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=40, blank=True)
    undo_reason = SealedText(blank=True)
    # Stories that were left: someone added to them by hand since.
    left = models.PositiveIntegerField(default=0)
    keep_until = models.DateTimeField()
    purged_at = models.DateTimeField(null=True)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE"}
    PRIVACY = {
        "open": ["id", "site", "kind", "state"],
        "coarsened": ["rows", "written", "already", "refused", "left"],
        "never": [
            "ref", "by", "language", "uploaded_at", "file_name", "digest", "mapping", "position", "notices",
            "tally", "finished_at", "undone_at", "undone_by", "undo_reason", "keep_until", "purged_at",
        ],
    }  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["site", "-uploaded_at"], name="imports_of_site")]


class ImportPiece(SiteRow):
    """Some rows of the file, sealed under a key of this import alone. Piece 0 holds the headings."""

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    box = models.BinaryField()

    GRANTS = {"scs_app": "SELECT, INSERT, DELETE"}
    PRIVACY = {"open": ["id", "site"], "never": ["imported", "number", "box"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["imported", "number"], name="one_box_a_piece")]


class ImportProblem(SiteRow):
    """Why a row was not taken: where, and what to do. What stands in the cell is read from the file."""

    imported = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField()
    column = models.PositiveSmallIntegerField(null=True)
    message = models.CharField(max_length=240)

    GRANTS = {"scs_app": "SELECT, INSERT, DELETE"}
    PRIVACY = {"open": ["id", "site"], "never": ["imported", "row", "column", "message"]}

    class Meta:
        indexes = [models.Index(fields=["imported", "row"], name="problems_by_row")]


class RememberedMapping(SiteRow):
    """How files with the same headings were read last time."""

    kind = models.CharField(max_length=20)
    headings = models.BinaryField(max_length=32)
    mapping = models.JSONField()
    by = models.CharField(max_length=40)
    at = models.DateTimeField()

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE"}
    PRIVACY = {"open": ["id", "site", "kind"], "never": ["headings", "mapping", "by", "at"]}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "kind", "headings"], name="one_mapping_a_heading")
        ]
