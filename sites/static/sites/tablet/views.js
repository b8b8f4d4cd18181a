// Every view of the tablet by its name; each takes its own part of the state and gives {title, main, dock}.
export { enrol } from "./views/enrol.js";
export { lock } from "./views/lock.js";
