"""No start on a database older than its last destruction or erasure: what was destroyed is there again."""

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from sites.retention.mirror import behind


def refuse_before_purge() -> None:
    """Exit with one line until `purge` has run again. A database that is away is not asked."""
    try:
        restored = behind()
    except DatabaseError:
        return
    finally:
        # Whoever imports us may fork: a connection must not be shared.
        connection.close()
    if restored:
        raise SystemExit(
            _(
                "Cette base est plus vieille que la dernière destruction ou le dernier effacement "
                "(%(sites)s) : elle vient d’une copie. Lancez d’abord « manage.py purge »."
            )
            % {"sites": ", ".join(restored)}
        )
