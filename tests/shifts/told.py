"""One record of each kind of a hand-over."""

from sites.shifts.terms import COUNTED
from tests.factories import record, ref


def of_a_shift(**more) -> list[dict]:
    signed = {"taken_by": "s01-01"} | dict.fromkeys(COUNTED, 0)
    return [
        record("shift.remark", {"remark": ref(), "text": "Compter les trousses."}, **more),
        record("shift.handed_over", signed, **more),
    ]
