// Every view of the tablet by its name; each takes its own part of the state and gives {title, main, dock}.
export { arrival } from "./views/arrival.js";
export { board } from "./views/board.js";
export { enrol } from "./views/enrol.js";
export { lock } from "./views/lock.js";
export { logbook } from "./views/logbook.js";
export { more } from "./views/more.js";
export { secondName } from "./views/second-name.js";
export { settingsView as settings } from "./views/settings.js";
export { afterwards } from "./views/afterwards.js";
export { closing } from "./views/closing.js";
export { falseAlarm } from "./views/false-alarm.js";
export { twoClosings } from "./views/two-closings.js";
export { recorder } from "./views/recorder.js";
export { toConfirm } from "./views/to-confirm.js";
export { unsent } from "./views/unsent.js";
export { turnAway } from "./views/turn-away.js";
export { visit } from "./views/visit.js";
