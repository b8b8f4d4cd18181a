"""The tablet finds wrong what the form finds wrong, and says it in the person's language."""

import pytest

from tests.factories import ref
from tests.tablet_app.tablets import enrolled

JUDGE = """async (cases) => {
  const {problems} = await import("/static/sites/tablet/rules.js");
  return cases.map(([kind, data]) => problems(kind, data));
}"""
ACT = """async ([kind, data]) => {
  const {act} = await import("/static/sites/tablet/acts.js");
  const {state} = await import("/static/sites/tablet/store.js");
  try { await act(kind, data); } catch (error) { return {errors: error.errors, waiting: state.gists.length}; }
  return {waiting: state.gists.length};
}"""
MISSING, CHOICE = "Il manque une réponse.", "Ce choix n’existe pas."
EVENT = {"event": ref()}
SEAT = {"visit": ref(), "booth": "1"}
ENDPOINT = {
    **EVENT, "presentation": "mixed", "outcome": "recov", "ems_called": "no", "endpoint_rr": 12,
    "endpoint_spo2": "not_assessed", "endpoint_awake": "yes",
}  # fmt: skip
CASES = [
    ("visit.seated", SEAT, {}),
    ("visit.seated", {"visit": ref(), "booth": None}, {"booth": MISSING}),
    ("visit.seated", {**SEAT, "visit": "x"}, {"visit": "Ce n’est pas le genre de valeur attendu."}),
    ("visit.seated", {**SEAT, "colour": "red"}, {"colour": "Ce champ n’existe pas ici."}),
    ("visit.assessed", {"visit": ref(), "substances": ["fentanyl"], "route": "in"}, {}),
    (
        "visit.assessed",
        {"visit": ref(), "substances": ["sugar"], "route": "x"},
        {"substances": CHOICE, "route": CHOICE},
    ),
    ("visit.assessed", {"visit": ref(), "substances": [], "route": "in"}, {"substances": MISSING}),
    ("turnaway.recorded", {"reason": "full", "count": 0}, {"count": "Un nombre de 1 à 500."}),
    (
        "turnaway.recorded",
        {"reason": "full", "count": "3"},
        {"count": "Ce n’est pas le genre de valeur attendu."},
    ),
    ("overdose.closed", ENDPOINT, {}),
    (
        "overdose.closed",
        {**ENDPOINT, "endpoint_rr": 900},
        {"endpoint_rr": "Un nombre de 0 à 80, ou « non évalué »."},
    ),
    ("record.voided", {"target": ref(), "reason": ""}, {"reason": MISSING}),
    ("record.voided", {"target": ref(), "reason": "x" * 201}, {"reason": "Au plus 200 signes."}),
    ("a.kind.to.come", {"whatever": 1}, {}),
]
pytestmark = pytest.mark.browser


def test_data_is_judged_by_the_rules_of_its_form(chromium, live_server, committed_site):
    tablet = enrolled(chromium, live_server, committed_site)
    found = tablet.page.evaluate(JUDGE, [[kind, data] for kind, data, _ in CASES])
    assert found == [wrong for _, _, wrong in CASES]
    tablet.context.set_offline(True)
    bad = tablet.page.evaluate(ACT, ["turnaway.recorded", {"reason": "full", "count": 0}])
    assert bad == {"errors": {"count": "Un nombre de 1 à 500."}, "waiting": 0}
    odd = {**EVENT, "step": "vitals", "measure": "spo2", "value": 880, "extra": True}
    assert tablet.page.evaluate(ACT, ["overdose.step", odd]) == {"waiting": 1}
