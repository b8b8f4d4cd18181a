// Closes a record to the server's public key: this tablet can add, never read back. The form of a box is
// written in sites/keyring/boxes.py, which opens it.
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const INFO = new TextEncoder().encode("scs box 1");
const NONCE_BYTES = 12;

export const text = (bytes) => {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
};

const bytes = (shown) => Uint8Array.from(
  atob(shown.replaceAll("-", "+").replaceAll("_", "/")),
  (letter) => letter.charCodeAt(0),
);

const joined = (...parts) => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

// key: {id, public} of the set-up; about: the record's id. Gives {key_id, sealed}.
export const seal = async (key, about, content) => {
  const theirs = bytes(key.public);
  const [pair, server] = await Promise.all([
    crypto.subtle.generateKey(CURVE, false, ["deriveBits"]),
    crypto.subtle.importKey("raw", theirs, CURVE, false, []),
  ]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const secret = await crypto.subtle.deriveBits({ name: "ECDH", public: server }, pair.privateKey, 256);
  const cipher = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: joined(point, theirs), info: INFO },
    await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]),
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt"],
  );
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const words = new TextEncoder();
  const closed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonce, additionalData: words.encode(`${key.id}|${about}`) },
    cipher,
    words.encode(JSON.stringify(content)),
  );
  return { key_id: key.id, sealed: text(joined(point, nonce, new Uint8Array(closed))) };
};
