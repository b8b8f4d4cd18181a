// Talking to the server. An answer that is not the server's own JSON counts as no answer.
import { heard } from "./clock.js";
import { state } from "./store.js";

const TIMEOUT_MS = 15_000;

// Nobody answered, or somebody who is not our server; `status` is then what they said.
export class Away extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

const ask = async (path, options) => {
  const asked = performance.now();
  try {
    const answer = await fetch(path, {
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...options,
    });
    return { answer, asked, came: performance.now() };
  } catch (error) {
    throw new Away(error.message);
  }
};

const read = async (answer) => {
  if (answer.status === 304) return null;
  try {
    return await answer.json();
  } catch (error) {
    throw new Away(error.message, answer.status);
  }
};

// {status, body, headers}; throws Away when nobody answered. `unlock` proves who holds the tablet.
export const call = async (path, { method = "GET", body, headers = {} } = {}) => {
  const held = state.person?.unlock;
  const { answer, asked, came } = await ask(path, {
    method,
    headers: {
      "Accept-Language": state.language,
      ...(state.device && { Authorization: `Device ${state.device.token}` }),
      ...(held && { "X-Unlock": held }),
      ...(body && { "Content-Type": "application/json" }),
      ...headers,
    },
    body: body && JSON.stringify(body),
  });
  const told = await read(answer);
  heard(told?.server_time, asked, came);
  if (held && held === state.person?.unlock && answer.headers.get("X-Unlock") === "ended") dispatchEvent(new Event("unlock-ended"));
  return { status: answer.status, headers: answer.headers, body: told };
};

// Asks only what time it is there: a quick answer measures best.
export const askTime = () => call("/api/v1/tablet/time");
