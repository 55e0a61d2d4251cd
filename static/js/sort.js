// A list whose items are put in order: by dragging the handle, or by the buttons that each item has anyway.
//
//   <ol data-sort data-sort-url="..." data-sort-name="order"><li data-sort-key="..." data-sort-title="...">
//
// A button with the value -1 or 1 (earlier, later), or beside a field "step" with it, moves its item by one place. Without
// data-sort-url nothing is sent: the fields inside the items travel with their form in the new order.

const words = document.getElementById("desk-words")?.dataset ?? {};
const items = (list) => [...list.querySelectorAll(":scope > [data-sort-key]")];
const listOf = (element) => element.closest("[data-sort]");

function announce(item) {
  const list = listOf(item);
  const all = items(list);
  const title = item.dataset.sortTitle ?? item.querySelector("b, a, input")?.textContent ?? "";
  const place = words.placed.replace("{title}", title.trim()).replace("{place}", all.indexOf(item) + 1).replace("{number}", all.length);
  document.getElementById("spoken").textContent = place;
}

async function keep(list) {
  showEnds(list);
  if (!list.dataset.sortUrl) {
    list.dispatchEvent(new Event("input", { bubbles: true }));
    return;
  }
  const token = document.querySelector("input[name=_csrf]")?.value ?? "";
  const sent = new URLSearchParams([["_csrf", token], ...items(list).map((item) => [list.dataset.sortName ?? "order", item.dataset.sortKey])]);
  list.setAttribute("aria-busy", "true");
  const answer = await fetch(list.dataset.sortUrl, { method: "POST", body: sent, headers: { "HX-Request": "true" } }).catch(() => ({ ok: false }));
  list.removeAttribute("aria-busy");
  if (!answer.ok) location.reload();
  for (const frame of document.querySelectorAll("iframe[name=brand-preview]")) frame.contentWindow.location.reload();
}

function showEnds(list) {
  const all = items(list);
  all.forEach((item, place) => {
    for (const button of item.querySelectorAll("button")) {
      const step = stepOf(button);
      if (step) button.setAttribute("aria-disabled", String(place + step < 0 || place + step >= all.length));
    }
  });
}

function stepOf(button) {
  const value = button.name ? button.value : button.form?.elements.step?.value;
  return { "-1": -1, earlier: -1, 1: 1, later: 1 }[value] ?? 0;
}

// Buttons: the item moves at once and the button keeps the focus.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  const list = button && listOf(button);
  const step = list ? stepOf(button) : 0;
  if (!step) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  delete event.target.dataset.sent; // nothing is sent with the form itself, so it may be pressed again
  button.classList.remove("busy");
  const item = button.closest("[data-sort-key]");
  const neighbour = step < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!neighbour) return;
  if (step < 0) neighbour.before(item);
  else neighbour.after(item);
  button.focus();
  announce(item);
  keep(list);
}, true);

// Dragging: from the handle, with whatever points. Escape puts the item back.
function drag(event) {
  const handle = event.target.closest("[data-sort-handle]");
  const item = handle?.closest("[data-sort-key]");
  if (!item || event.button) return;
  event.preventDefault();
  const list = listOf(item);
  const after = item.nextElementSibling;
  // Not captured: an element that moves in the document loses its capture, and with it the rest of the drag.
  item.classList.add("dragged");

  const move = ({ clientX, clientY }) => {
    const over = document.elementFromPoint(clientX, clientY)?.closest("[data-sort-key]");
    if (clientY < 60) window.scrollBy(0, -12);
    if (clientY > window.innerHeight - 60) window.scrollBy(0, 12);
    if (!over || over === item || listOf(over) !== list) return;
    const all = items(list);
    if (all.indexOf(over) > all.indexOf(item)) over.after(item);
    else over.before(item);
  };
  const stop = (taken) => {
    item.classList.remove("dragged");
    for (const [name, act] of Object.entries(acts)) document.removeEventListener(name, act);
    document.removeEventListener("keydown", escape);
    if (!taken) list.insertBefore(item, after);
    else if (item.nextElementSibling !== after) {
      announce(item);
      keep(list);
    }
  };
  const escape = ({ key }) => { if (key === "Escape") stop(false); };
  const acts = { pointermove: move, pointerup: () => stop(true), pointercancel: () => stop(false) };
  for (const [name, act] of Object.entries(acts)) document.addEventListener(name, act);
  document.addEventListener("keydown", escape);
}

document.addEventListener("pointerdown", drag);

function equip() {
  for (const list of document.querySelectorAll("[data-sort]")) {
    if (!list.querySelector("form, button")) continue;
    showEnds(list);
    for (const item of items(list)) {
      if (item.querySelector("[data-sort-handle]")) continue;
      const handle = document.getElementById("sort-handle").content.firstElementChild.cloneNode(true);
      item.prepend(handle);
    }
  }
}

equip();
document.addEventListener("htmx:after:swap", equip);
