"""Pages of figures, which may be read from a replica and then say how old they are."""

from functools import wraps

from django.db import OperationalError, transaction

from harmreduction.pg.replica import from_replica, leave_alone, there_is_one


def figures_only(view):
    """A page that shows figures and decides nothing. Its trail row is written where rows are written."""

    @wraps(view)
    def shown(request, *args, **kwargs):
        request.figures_as_of = None
        if not there_is_one():
            return view(request, *args, **kwargs)
        try:
            # Undone together should the replica stop in the middle: the page is then made anew.
            with transaction.atomic(), from_replica() as request.figures_as_of:
                return view(request, *args, **kwargs)
        except OperationalError:
            if request.figures_as_of is None:
                raise
        leave_alone()
        request.figures_as_of = None
        return view(request, *args, **kwargs)

    return shown
