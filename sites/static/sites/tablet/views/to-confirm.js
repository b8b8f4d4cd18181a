// What came without a name, or under one that was not proven: whoever holds the tablet says what is theirs.
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { Away, call } from "../api.js";
import { icon } from "../icon.js";
import { kindWords } from "../kind-words.js";
import { change, go, state } from "../store.js";
import { clock, day, label, n, t } from "../words.js";

const PATH = "/api/v1/tablet/confirm";

// The list as the server has it now; `away` when it cannot be asked.
const load = async (options) => {
  try {
    const answer = await call(PATH, options);
    return answer.status === 200 ? { rows: answer.body.records } : { away: true };
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    return { away: true };
  }
};

const show = ({ rows = null, away = false }) => {
  if (state.view.name !== "toConfirm") return;
  change({ view: { name: "toConfirm", rows: rows ?? state.view.rows, away }, ...(rows && { toConfirm: rows.length }) });
};

export const openToConfirm = async () => {
  go("toConfirm");
  show(await load({}));
};

const mine = async (ids) => show(await load({ method: "POST", body: { records: ids } }));

const aboutOf = (row) => [
  row.step && label("step", row.step),
  row.booth && t("place {booth}", { booth: row.booth }),
  row.location && label("location", row.location),
  row.by ? t("à votre nom") : t("sans nom"),
].filter(Boolean).join(" · ");

const line = (row) => html`<li><time class="num">${clock(Date.parse(row.at))}<small>${day(Date.parse(row.at))}</small></time><p><b>${kindWords(row.kind)}</b><small>${aboutOf(row)}</small></p>
  <button class="btn slim" type="button" @click=${() => mine([row.id])}>${icon("check", true)}${t("C’est moi")}<span class="hidden-text"> ${kindWords(row.kind)} ${clock(Date.parse(row.at))}</span></button></li>`;

const list = (view) => {
  if (view.away) return html`<p class="lede">${t("Il faut le réseau pour cela.")}</p>`;
  if (!view.rows) return nothing;
  if (!view.rows.length) return html`<p class="lede">${t("Rien à confirmer. Merci.")}</p>`;
  return html`<p>${t("Ces saisies sont comptées. Il reste à dire de qui elles sont; ce qui n’est pas de vous reste pour les autres.")}</p>
    <section class="panel"><ul class="todo">${view.rows.map(line)}</ul></section>`;
};

const all = (view) => (view.rows?.length > 1
  ? html`<button class="btn main now" type="button" @click=${() => mine(view.rows.map((row) => row.id))}>${icon("check")}${n("{count} : c’est moi", "Les {count} : c’est moi", view.rows.length)}</button>`
  : nothing);

export const toConfirm = (view) => ({
  title: t("À confirmer"),
  titled: true,
  shape: "page settings",
  main: html`<h1 class="hello" tabindex="-1">${t("À confirmer")}</h1>${list(view)}`,
  dock: html`${all(view)}<button class="btn now" type="button" @click=${() => go("board")}>${icon("back")}${t("Revenir")}</button>`,
});
