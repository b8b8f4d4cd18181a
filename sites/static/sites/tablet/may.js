// What who holds the tablet may do (sites/people/terms.py, Permission).
import { state } from "./store.js";

export const may = (permission) => Boolean(state.person?.may?.includes(permission));
