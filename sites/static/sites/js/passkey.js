// A passkey is made or asked for by the browser; the page only carries its answer to the server.
const form = document.querySelector("[data-passkey]");
const absent = document.querySelector("[data-passkey-absent]");
const refused = document.querySelector("[data-passkey-refused]");

const bytes = (text) => Uint8Array.from(
  atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const read = (listed) => listed?.map((one) => ({ ...one, id: bytes(one.id) }));

const asked = ({ publicKey }) => ({
  ...publicKey,
  challenge: bytes(publicKey.challenge),
  user: publicKey.user && { ...publicKey.user, id: bytes(publicKey.user.id) },
  allowCredentials: read(publicKey.allowCredentials),
  excludeCredentials: read(publicKey.excludeCredentials),
});

const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

const answered = (credential) => ({
  id: credential.id,
  rawId: text(credential.rawId),
  type: credential.type,
  authenticatorAttachment: credential.authenticatorAttachment,
  clientExtensionResults: credential.getClientExtensionResults(),
  response: Object.fromEntries(PARTS.filter((part) => credential.response[part])
    .map((part) => [part, text(credential.response[part])])),
});

const ask = async (event) => {
  event.preventDefault();
  refused.hidden = true;
  const said = JSON.parse(document.getElementById("passkey-asks").textContent);
  try {
    const credential = form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey: asked(said.creation_options) })
      : await navigator.credentials.get({ publicKey: asked(said.request_options) });
    form.elements.credential.value = JSON.stringify(answered(credential));
    form.submit();
  } catch {
    refused.hidden = false;
  }
};

if (form && window.PublicKeyCredential) {
  form.hidden = false;
  absent.hidden = true;
  form.addEventListener("submit", ask);
}
