// The palette (Ctrl K) and single keys. What a key does is an ordinary link or button of the page.

const dialog = document.getElementById("palette");
const field = document.getElementById("palette-field");
const found = document.getElementById("palette-found");
const sheet = document.getElementById("keys");
const options = () => [...found.querySelectorAll("[role=option]")];
let asked = 0;
let waiting;

// The palette: the server finds and ranks; arrows choose, Enter goes.
function openPalette() {
  if (dialog.open) return;
  dialog.showModal();
  field.select();
  ask();
}

async function ask() {
  const number = ++asked;
  const address = `${field.form.getAttribute("action")}?q=${encodeURIComponent(field.value)}`;
  found.setAttribute("aria-busy", "true");
  const answer = await fetch(address, { headers: { "HX-Request": "true", "HX-Request-Type": "partial" } }).catch(() => null);
  if (number !== asked) return;
  found.removeAttribute("aria-busy");
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  found.replaceChildren(...page.body.childNodes);
  choose(0);
}

function choose(place) {
  const all = options();
  all.forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
  field.removeAttribute("aria-activedescendant");
  if (!all[place]) return;
  field.setAttribute("aria-activedescendant", all[place].id);
  all[place].scrollIntoView({ block: "nearest" });
}

function chosen() {
  return options().findIndex((option) => option.getAttribute("aria-selected") === "true");
}

field?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, 120);
});

field?.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const number = options().length;
  if (step && number) {
    event.preventDefault();
    choose((chosen() + step + number) % number);
  } else if (event.key === "Enter" && options()[chosen()]) {
    event.preventDefault();
    location.assign(options()[chosen()].dataset.href);
  }
});

found?.addEventListener("click", ({ target }) => {
  const option = target.closest("[data-href]");
  if (option) location.assign(option.dataset.href);
});

for (const one of [dialog, sheet]) one?.addEventListener("click", ({ target }) => { if (target === one) one.close(); });

document.addEventListener("keydown", (event) => {
  if (!dialog || event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  event.preventDefault();
  openPalette();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-palette]")) return;
  event.preventDefault();
  openPalette();
});

// Single keys: never in a field, never with another key held, and only if the profile says so.
const GO = { h: "/admin", o: "/admin/orders", p: "/admin/products", c: "/admin/customers" };
let went = 0;

function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio|button|submit)$/.test(target.type);
}

function rows() {
  return [...document.querySelectorAll(".bulk-form tbody tr, table.tbl[data-rows] tbody tr")];
}

function walk(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.findIndex((row) => row.classList.contains("here"));
  const next = all[Math.min(Math.max(here + step, 0), all.length - 1)];
  all[here]?.classList.remove("here");
  next.classList.add("here");
  (next.querySelector("a.id") ?? next.querySelector("a"))?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function here() {
  return document.querySelector("tr.here") ?? document.activeElement?.closest?.("tbody tr");
}

const ACTS = {
  "/": () => (document.querySelector(".filters input[type=search]") ?? document.querySelector(".cmdk input"))?.focus(),
  "?": () => sheet?.showModal(),
  j: () => walk(1),
  k: () => walk(-1),
  x: () => here()?.querySelector("input[type=checkbox]")?.click(),
  f: () => document.querySelector("[data-shortcut=f], .bulk-form:has(td input:checked) button[value=fulfil]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (!document.documentElement.hasAttribute("data-keys") || isTyping(event.target)) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  const address = performance.now() - went < 1500 && GO[event.key];
  went = event.key === "g" ? performance.now() : 0;
  if (address) location.assign(address);
  else if (!ACTS[event.key]) return;
  else ACTS[event.key]();
  event.preventDefault();
});
