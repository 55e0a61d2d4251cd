// What makes the pages quicker to use. Every page works without this file; nothing here holds a rule of the business.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// Toasts: eight seconds, and as long as somebody points at or focuses one.
const SHOWN_FOR = 8000;

function keepTime(toast) {
  let timer;
  const start = () => { timer = setTimeout(() => leave(toast), SHOWN_FOR); };
  const stop = () => clearTimeout(timer);
  toast.removeAttribute("data-toast");
  toast.tabIndex = 0;
  for (const event of ["mouseenter", "focusin"]) toast.addEventListener(event, stop);
  for (const event of ["mouseleave", "focusout"]) toast.addEventListener(event, start);
  start();
}

function leave(toast) {
  toast.classList.add("leaving");
  setTimeout(() => toast.remove(), 450);
}

function say({ say: sentence, kind = "", undo = "" }) {
  const toasts = document.getElementById("toasts");
  const toast = document.createElement(undo ? "form" : "p");
  toast.className = `toast ${kind === "success" ? "" : kind}`;
  toast.append(undo ? wayBack(toast, undo, sentence, toasts.dataset.undo) : sentence);
  toasts?.append(toast);
  keepTime(toast);
}

function wayBack(form, address, sentence, label) {
  form.method = "post";
  form.action = address;
  const token = document.querySelector("input[name=_csrf]")?.cloneNode();
  const words = document.createElement("span");
  words.textContent = sentence;
  const button = document.createElement("button");
  button.className = "btn btn-sm";
  button.textContent = label;
  const parts = document.createDocumentFragment();
  parts.append(...[token, words, button].filter(Boolean));
  return parts;
}

document.addEventListener("toast", (event) => say(event.detail));

// Forms: a second click does not send twice, and dangerous buttons ask.
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const question = submitter?.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  if (form.method !== "post" || [...form.attributes].some(({ name }) => name.startsWith("hx-"))) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  submitter?.classList.add("busy");
}, true);

window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
  delete form.dataset.sent;
  all(".busy", form).forEach((button) => button.classList.remove("busy"));
}));

// Buttons: copy a value, step a number.
async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  say({ say: document.getElementById("toasts").dataset.copied });
}

function step(button) {
  const field = document.getElementById(button.dataset.stepper);
  field[Number(button.dataset.by) > 0 ? "stepUp" : "stepDown"]();
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-stepper], a[target][data-tab], [data-large]");
  if (!button) return;
  if (button.dataset.tab !== undefined) {
    for (const tab of all("[data-tab]", button.parentElement)) tab.removeAttribute("aria-current");
    button.setAttribute("aria-current", "true");
    return;
  }
  event.preventDefault();
  if (button.dataset.copy !== undefined) copy(button);
  else if (button.dataset.stepper) step(button);
});

// Everything on a fresh page, and again in whatever htmx puts into it.
const enhancements = {
  "[data-toast]": keepTime,
  "[data-focus]": (element) => element.focus(),
  "[data-copy][hidden]": (button) => { button.hidden = false; },
};
const enhanced = new WeakSet();

function enhance(root = document) {
  for (const [selector, act] of Object.entries(enhancements)) {
    for (const element of all(selector, root)) {
      if (enhanced.has(element)) continue;
      enhanced.add(element);
      act(element);
    }
  }
}

enhance();
document.addEventListener("htmx:after:swap", () => enhance());

// Search: the arrow keys lead from the field through the suggestions and back, Escape closes them.
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form:has(#suggestions)");
  if (!form || !["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
  const stops = [form.querySelector("input[type=search]"), ...all("#suggestions a", form)];
  if (event.key === "Escape") {
    form.querySelector("#suggestions").replaceChildren();
    return stops[0].focus();
  }
  const next = stops[stops.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
  if (!next || stops.length === 1) return;
  event.preventDefault();
  next.focus();
});
