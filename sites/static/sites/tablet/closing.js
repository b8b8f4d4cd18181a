// The four answers that close an event: what is known already, what is missing, what is sent. Pure functions.
import { AWAKE, CALLED, CANCELLED, callsOf, lastOf, stepsOf } from "./event.js";

export const NOT_ASSESSED = "not_assessed";
export const CALLED_THEN_CANCELLED = "cancelled";
export const ANSWERS = ["presentation", "endpoint_rr", "endpoint_spo2", "endpoint_awake", "outcome", "ems_called"];
export const ENDPOINTS = [
  { name: "endpoint_rr", measure: "rr", begin: 12, high: 80 },
  { name: "endpoint_spo2", measure: "spo2", begin: 95, high: 100 },
];

export const lastMeasured = (event, measure) => lastOf(stepsOf(event, "vitals").filter(({ data }) => data.measure === measure));
const lastAwake = (event) => lastOf(stepsOf(event, "vitals").filter(({ data }) => AWAKE.includes(data.choice)));

const calls = (event) => {
  if (!callsOf(event).length) return "no";
  return lastOf(stepsOf(event, "call_911")).data.choice === CANCELLED ? CALLED_THEN_CANCELLED : "yes";
};

// What was answered so far; 911 is filled from the steps.
export const answersOf = (event, answers) => ({ ems_called: calls(event), ...Object.fromEntries(Object.entries(answers).filter(([, value]) => value)) });

export const missing = (answers) => ANSWERS.filter((name) => !answers[name]);

// The last measures as answers, for who says that nothing changed since.
export const fromMeasures = (event) => {
  const told = {};
  for (const { name, measure } of ENDPOINTS) {
    const last = lastMeasured(event, measure);
    if (last) told[name] = String(Math.round(Number(last.data.value)));
  }
  const awake = lastAwake(event);
  if (awake) told.endpoint_awake = awake.data.choice === "avpu_a" ? "yes" : "no";
  return told;
};

// A call that was cancelled was a call.
export const asRecorded = (event, answers) => ({
  event,
  ...Object.fromEntries(ANSWERS.map((name) => [name, answers[name]])),
  ems_called: answers.ems_called === CALLED_THEN_CANCELLED ? "yes" : answers.ems_called,
});

export const firstCall = (event) => event.steps.find(({ data }) => data.step === "call_911" && data.choice === CALLED);
