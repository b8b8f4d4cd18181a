// Whose six digits they are, without network: a salted digest in this page's memory, gone at reload. It is
// made when the server has proven a PIN, or of the PIN that someone went on with « à confirmer ».
const ROUNDS = 120_000;
const kept = new Map(); // staff code → {salt, digest, proven}

const digestOf = async (pin, salt) => {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, key, 256);
  return new Uint8Array(bits).join();
};

export const remember = async (code, pin, { proven }) => {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  kept.set(code, { salt, digest: await digestOf(pin, salt), proven });
};

// "proven": as the server proved it; "same": as was typed before, unproven; "other"; "wrong": not what
// the server proved; "unknown": nothing to compare with.
export const compare = async (code, pin) => {
  const known = kept.get(code);
  if (!known) return "unknown";
  const fits = (await digestOf(pin, known.salt)) === known.digest;
  if (known.proven) return fits ? "proven" : "wrong";
  return fits ? "same" : "other";
};
