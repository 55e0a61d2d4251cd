// What the back office and the console have beyond app.js: guarded forms, checks while typing, pickers, files, drafts.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const words = document.getElementById("desk-words")?.dataset ?? {};

// Leaving with unsaved changes asks; Ctrl+S saves.
const unsaved = new Set();

function isUnsaved(form) {
  return form.isConnected && unsaved.has(form);
}

document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (!form?.hasAttribute("data-guard") || !target.name) return;
  unsaved.add(form);
  form.classList.add("is-unsaved");
});

document.addEventListener("submit", ({ target }) => unsaved.delete(target));

window.addEventListener("beforeunload", (event) => {
  if ([...unsaved].some(isUnsaved)) event.preventDefault();
});

document.addEventListener("htmx:before:swap", (event) => {
  const target = event.detail?.ctx?.target;
  const lost = [...unsaved].filter((form) => isUnsaved(form) && target instanceof Element && target.contains(form));
  if (!lost.length) return;
  if (window.confirm(words.leave)) lost.forEach((form) => unsaved.delete(form));
  else event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  const form = document.activeElement?.form ?? document.querySelector("form[data-guard]");
  if (!form?.hasAttribute("data-guard")) return;
  event.preventDefault();
  form.requestSubmit();
});

// A request that runs: its button is busy, and a second press does nothing.
document.addEventListener("htmx:before:request", (event) => mark(event, true));
document.addEventListener("htmx:finally:request", (event) => mark(event, false));

function mark(event, busy) {
  const source = event.detail?.ctx?.sourceElement ?? event.target;
  if (!(source instanceof HTMLFormElement) || source.method !== "post") return;
  if (busy && source.dataset.running) return event.preventDefault();
  if (busy) source.dataset.running = "1";
  else delete source.dataset.running;
  for (const button of all("button:not([type=button])", source)) button.classList.toggle("busy", busy);
}

// Once a form came back with mistakes, each field is asked about as soon as it is left. The server decides.
document.addEventListener("focusout", async ({ target }) => {
  const form = target.form;
  if (!form || form.method !== "post" || !target.name || !document.querySelector(".form-summary")) return;
  if (target.type === "password" || all("input[type=password]", form).length) return;
  const sent = new FormData(form);
  for (const [name, value] of [...sent]) if (value instanceof File) sent.delete(name);
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(sent), headers: { "Check-Only": "1" } });
  if (answer.status === 204) judge(target, null);
  else if (answer.status === 422) judge(target, new DOMParser().parseFromString(await answer.text(), "text/html"));
});

function judge(control, page) {
  const field = control.closest(".field");
  const other = control.id ? page?.getElementById(control.id) : null;
  if (!field || !control.isConnected || (page && !other)) return;
  const problem = other?.closest(".field")?.querySelector(".field-error");
  field.querySelector(".field-error")?.remove();
  field.classList.toggle("has-error", Boolean(problem));
  if (problem) {
    control.setAttribute("aria-invalid", "true");
    field.append(problem);
  } else {
    control.removeAttribute("aria-invalid");
  }
  const described = [`${control.id}-hint`, `${control.id}-error`].filter((id) => document.getElementById(id)).join(" ");
  if (described) control.setAttribute("aria-describedby", described);
  else control.removeAttribute("aria-describedby");
}

// A button gives a field its value; Enter in a field of a bar presses the button that belongs to it.
function setField(button) {
  const field = document.getElementById(button.dataset.set);
  field.value = button.value;
  for (const other of all(`[data-set="${button.dataset.set}"]`)) other.setAttribute("aria-pressed", String(other === button));
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-set]");
  if (!button) return;
  event.preventDefault();
  setField(button);
});

document.addEventListener("keydown", (event) => {
  const wanted = event.key === "Enter" && event.target.dataset?.enter;
  if (!wanted) return;
  event.preventDefault();
  document.getElementById(wanted)?.click();
});

// What drops down closes when somebody looks elsewhere; Escape gives the focus back.
document.addEventListener("click", ({ target }) => {
  for (const drop of all("details.drop[open]")) if (!drop.contains(target)) drop.open = false;
});

document.addEventListener("keydown", (event) => {
  const drop = event.key === "Escape" && event.target.closest?.("details.drop[open]");
  if (!drop) return;
  drop.open = false;
  drop.querySelector("summary").focus();
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

// One box ticks a whole list, and the bar below says how many are ticked.
function checkAll(box) {
  const form = box.form ?? document;
  const boxes = () => all(`input[name="${box.dataset.checkAll}"]:enabled`, form);
  const count = form.querySelector("[data-ticked]");
  const show = () => {
    const ticked = boxes().filter((one) => one.checked).length;
    box.checked = ticked > 0 && ticked === boxes().length;
    box.indeterminate = ticked > 0 && !box.checked;
    if (count) count.textContent = count.dataset.ticked.replace("{n}", ticked);
  };
  box.hidden = false;
  box.addEventListener("change", () => { boxes().forEach((one) => { one.checked = box.checked; }); show(); });
  form.addEventListener("change", ({ target }) => { if (target !== box) show(); });
  show();
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

const enhancements = {
  "[data-mirror][hidden]": mirror,
  "[data-check-all][hidden]": checkAll,
  "[data-drop]": receiveFiles,
  "[data-brand-preview]": showDraft,
};
const enhanced = new WeakSet();

function enhance() {
  for (const [selector, act] of Object.entries(enhancements)) {
    for (const element of all(selector)) {
      if (enhanced.has(element)) continue;
      enhanced.add(element);
      act(element);
    }
  }
}

enhance();
document.addEventListener("htmx:after:swap", enhance);
