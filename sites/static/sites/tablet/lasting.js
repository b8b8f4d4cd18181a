// Asks the browser to keep what waits even when the disk gets full. Nobody waits for the answer: Firefox asks
// the person, who may be busy. A browser that cannot promise it has said no.
import { change } from "./store.js";

export const askToLast = async () => change({ lasting: (await navigator.storage?.persist?.()) ?? false });
