"""One record of each kind of the logbook."""

from tests.factories import record, ref

FOUND = {"method": "ftir", "expected": ["heroin"], "detected": ["xylazine"]}


def of_the_logbook(**more) -> list[dict]:
    return [
        record("service.recorded", {"kind": "wound", "placement": "in_scs"}, **more),
        record("drugcheck.recorded", FOUND, **more),
        record("breach.recorded", {"code": "insults", "action": "verbal"}, **more),
        record("incident.recorded", {"incident": ref(), "kind": "fire"}, **more),
        record("leftbehind.recorded", {"left": ref(), "step": "found", "place": "Place 1"}, **more),
    ]
