// Talking to the server. An answer that is not the server's own JSON counts as no answer.
import { state } from "./store.js";

const TIMEOUT_MS = 15_000;

export class Away extends Error {}

// {status, body, headers}; throws Away when nobody answered. `unlock` proves who holds the tablet.
export const call = async (path, { method = "GET", body, headers = {} } = {}) => {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        "Accept-Language": state.language,
        ...(state.device && { Authorization: `Device ${state.device.token}` }),
        ...(state.person?.unlock && { "X-Unlock": state.person.unlock }),
        ...(body && { "Content-Type": "application/json" }),
        ...headers,
      },
      body: body && JSON.stringify(body),
    });
    if (answer.status === 304) return { status: 304, headers: answer.headers, body: null };
    return { status: answer.status, headers: answer.headers, body: await answer.json() };
  } catch (error) {
    throw new Away(error.message);
  }
};
