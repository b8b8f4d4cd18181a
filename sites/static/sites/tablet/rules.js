// A record is checked before it is sealed, by the rules of its form: the set-up brings them as JSON schemas.
// The server's form has the last word; what it still refuses is mended there.
import { validate } from "../vendor/json-schema/validate.js";
import { state } from "./store.js";
import { t } from "./words.js";

const DRAFT = "2020-12";
const EMERGENCY = "overdose.";

// errors: {field: message}, in the language in force.
export class Refused extends Error {
  constructor(errors) {
    super(Object.keys(errors).join());
    this.errors = errors;
  }
}

const between = ({ minimum: low, maximum: high }) => {
  if (high === undefined) return t("Un nombre de {low} ou plus.", { low });
  return low === undefined ? t("Un nombre de {high} ou moins.", { high }) : t("Un nombre de {low} à {high}.", { low, high });
};

const WORDS = {
  enum: () => t("Ce choix n’existe pas."),
  minimum: between,
  maximum: between,
  minItems: () => t("Il manque une réponse."),
  minLength: () => t("Il manque une réponse."),
  maxLength: ({ maxLength: most }) => t("Au plus {most} signes.", { most }),
  oneOf: ({ oneOf: [{ minimum: low, maximum: high }] }) => t("Un nombre de {low} à {high}, ou « non évalué ».", { low, high }),
};

const isMissing = (value) => value === undefined || value === null;

const wrong = (value, schema) => {
  const { valid, errors } = validate(value, schema, DRAFT);
  if (valid) return null;
  const own = errors.find((error) => error.instanceLocation === "#") ?? errors[0];
  return (WORDS[own.keyword === "items" ? "enum" : own.keyword] ?? (() => t("Ce n’est pas le genre de valeur attendu.")))(schema);
};

// What the form would find wrong with this data: {field: message}; {} when nothing.
export const problems = (kind, data, schema = state.setup?.kinds?.[kind]) => {
  if (!schema) return {};
  const found = {};
  for (const name of schema.required) if (isMissing(data[name])) found[name] = t("Il manque une réponse.");
  for (const [name, value] of Object.entries(data)) {
    if (isMissing(value)) continue;
    const field = schema.properties[name];
    const why = field ? wrong(value, field) : t("Ce champ n’existe pas ici.");
    if (why) found[name] = why;
  }
  return found;
};

// Throws Refused. Nothing stops a step of an overdose: an odd one is kept, and looked at afterwards.
export const check = (kind, data) => {
  if (kind.startsWith(EMERGENCY)) return;
  const errors = problems(kind, data);
  if (Object.keys(errors).length) throw new Refused(errors);
};
