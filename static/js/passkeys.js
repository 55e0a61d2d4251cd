// Passkeys: ask the shop what to sign, let the device sign it, and send that in the page's own form.
// The forms are hidden where a browser knows no passkeys; the other ways in stand beside them.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

async function ask(form) {
  const headers = { "X-CSRF-Token": form.elements._csrf.value };
  const answer = await fetch(form.dataset.options, { method: "POST", headers });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

function told(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const said = Object.fromEntries(parts.filter((one) => response[one]).map((one) => [one, text(response[one])]));
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: said });
}

async function make(options) {
  const user = { ...options.user, id: bytes(options.user.id) };
  const excludeCredentials = named(options.excludeCredentials);
  const publicKey = { ...options, user, excludeCredentials, challenge: bytes(options.challenge) };
  return navigator.credentials.create({ publicKey });
}

async function sign(options) {
  const allowCredentials = named(options.allowCredentials);
  return navigator.credentials.get({ publicKey: { ...options, allowCredentials, challenge: bytes(options.challenge) } });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !window.PublicKeyCredential;
  if (form.hidden) continue;
  const problem = form.querySelector("[data-problem]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    problem.hidden = true;
    try {
      const options = await ask(form);
      form.elements.credential.value = told(await (form.dataset.passkey === "make" ? make(options) : sign(options)));
      form.submit();
    } catch {
      problem.hidden = false;
    }
  });
}
