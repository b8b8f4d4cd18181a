// « Noté. Annuler »: what was just tapped may be taken back for a minute, the last first.
import { act } from "./acts.js";
import { change, onChange, state } from "./store.js";

const UNDO_MS = 60_000;
// Kept in French, as the server keeps the reasons that the product gives by itself.
const UNDONE_AT_ONCE = "annulé aussitôt";

// before: {visit, row}: where the visit stood, for a room that already holds what is taken back.
export const noted = ({ ids, words, before = null }) => {
  state.notices = [...state.notices, { ids, words, before, by: state.person?.code ?? null, until: Date.now() + UNDO_MS }];
  change();
};

// Records of one tap are voided last first, so that nothing is left without its beginning.
export const takeBack = async (notice) => {
  change({ notices: state.notices.filter((one) => one !== notice) });
  const refused = new Set(state.refused.map((one) => one.id));
  for (const target of notice.ids.filter((id) => !refused.has(id)).reverse()) {
    const id = await act("record.voided", { target, reason: UNDONE_AT_ONCE });
    const gist = state.gists.find((one) => one.id === id);
    if (gist) gist.before = notice.before;
  }
  if (notice.before) state.declared.delete(notice.before.visit);
  change();
};

// Only their author takes them back, only for a minute, and only what the server took.
export const forgetOld = () => {
  const refused = new Set(state.refused.map((one) => one.id));
  const left = state.notices
    .filter((one) => one.until > Date.now() && one.by === (state.person?.code ?? null))
    .filter((one) => !one.ids.every((id) => refused.has(id)));
  if (left.length < state.notices.length) change({ notices: left });
};

export const startNotices = () => onChange(forgetOld);
