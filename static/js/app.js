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

function say(sentence, kind = "") {
  const toast = document.createElement("p");
  toast.className = `toast ${kind === "success" ? "" : kind}`;
  toast.textContent = sentence;
  document.getElementById("toasts")?.append(toast);
  keepTime(toast);
}

document.addEventListener("toast", (event) => say(event.detail.say, event.detail.kind));

// Forms: a second click does not send twice; leaving with unsaved changes asks; Ctrl+S saves.
const unsaved = new Set();

document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (form?.hasAttribute("data-guard") && target.name) unsaved.add(form);
});

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const question = submitter?.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  unsaved.delete(form);
  if (form.method !== "post" || [...form.attributes].some(({ name }) => name.startsWith("hx-"))) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  submitter?.classList.add("busy");
}, true);

window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => {
  delete form.dataset.sent;
  all(".busy", form).forEach((button) => button.classList.remove("busy"));
}));

window.addEventListener("beforeunload", (event) => {
  if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
  const form = document.querySelector("form[data-guard]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});

// Buttons: copy a value, set a field, step a number.
async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  say("Copied.");
}

function setField(button) {
  const field = document.getElementById(button.dataset.set);
  field.value = button.value;
  for (const other of all(`[data-set="${button.dataset.set}"]`)) other.setAttribute("aria-pressed", String(other === button));
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function step(button) {
  const field = document.getElementById(button.dataset.stepper);
  field[Number(button.dataset.by) > 0 ? "stepUp" : "stepDown"]();
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-set], [data-stepper], a[target][data-tab], [data-large]");
  if (!button) return;
  if (button.dataset.tab !== undefined) {
    for (const tab of all("[data-tab]", button.parentElement)) tab.removeAttribute("aria-current");
    button.setAttribute("aria-current", "true");
    return;
  }
  event.preventDefault();
  if (button.dataset.copy !== undefined) copy(button);
  else if (button.dataset.set) setField(button);
  else if (button.dataset.stepper) step(button);
});

// A colour picker that stands beside a text field shows the same colour.
function mirror(picker) {
  const field = document.getElementById(picker.dataset.mirror);
  picker.hidden = false;
  picker.addEventListener("input", () => {
    field.value = picker.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("input", () => {
    if (/^#[0-9a-f]{6}$/i.test(field.value)) picker.value = field.value;
  });
}

// One box ticks a whole list.
function checkAll(box) {
  box.hidden = false;
  box.addEventListener("change", () => all(`input[name="${box.dataset.checkAll}"]:enabled`, box.form ?? document).forEach((one) => { one.checked = box.checked; }));
}

// Files can be dropped on the field.
function receiveFiles(zone) {
  const field = zone.querySelector("input[type=file]");
  const names = zone.querySelector("[data-drop-names]");
  const show = () => { names.textContent = field.multiple ? [...field.files].map((file) => file.name).join(", ") : ""; };
  field.addEventListener("change", show);
  for (const event of ["dragenter", "dragover"]) zone.addEventListener(event, (drag) => { drag.preventDefault(); zone.classList.add("over"); });
  for (const event of ["dragleave", "drop"]) zone.addEventListener(event, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (drop) => {
    drop.preventDefault();
    field.files = drop.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// The branding editor: the answer to a change names a style sheet; the frame takes it without loading again.
function showDraft(state) {
  const frame = document.getElementsByName(state.dataset.brandPreview)[0];
  if (!frame) return;
  const wordsChanged = frame.dataset.words !== undefined && frame.dataset.words !== state.dataset.words;
  frame.dataset.words = state.dataset.words;
  const page = frame.contentDocument;
  const sheet = page?.querySelector("[data-brand-css]");
  if (!sheet) return;
  if (wordsChanged) {
    frame.contentWindow.location.reload();
    return;
  }
  const root = page.documentElement;
  for (const name in root.dataset) if (name in state.dataset) root.dataset[name] = state.dataset[name];
  if (sheet.getAttribute("href") !== state.dataset.css) swapSheet(sheet, state.dataset.css);
}

function swapSheet(sheet, address) {
  const next = sheet.cloneNode();
  next.href = address;
  next.addEventListener("load", () => sheet.remove());
  sheet.after(next);
}

// Everything on a fresh page, and again in whatever htmx puts into it.
const enhancements = {
  "[data-toast]": keepTime,
  "[data-focus]": (element) => element.focus(),
  "[data-copy][hidden]": (button) => { button.hidden = false; },
  "[data-mirror][hidden]": mirror,
  "[data-check-all][hidden]": checkAll,
  "[data-drop]": receiveFiles,
  "[data-brand-preview]": showDraft,
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
document.addEventListener("htmx:after:swap", () => { unsaved.clear(); enhance(); });
