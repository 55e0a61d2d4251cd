// Draws the API's description on /api/docs. Swagger UI comes as vendored files; nothing is fetched from elsewhere.
const place = document.getElementById("reference");
let described = null;

async function draw() {
  described = await (await fetch(place.dataset.document)).json();
  const drawn = window.SwaggerUIBundle({
    spec: described,
    domNode: place,
    deepLinking: false, // its links would stand inside buttons
    docExpansion: "list",
    defaultModelsExpandDepth: -1, // hundreds of them; each stands with the routes that use it
    displayRequestDuration: true,
    filter: true,
    validatorUrl: null,
    oauth2RedirectUrl: place.dataset.signedIn,
    presets: [window.SwaggerUIBundle.presets.apis],
  });
  if (place.dataset.client) {
    drawn.initOAuth({ clientId: place.dataset.client, usePkceWithAuthorizationCodeGrant: true });
  }
}

function element(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

// The same request in each language, below the description of an opened route.
function addExamples(block) {
  const path = block.querySelector("[data-path]")?.dataset.path;
  const method = block.querySelector(".opblock-summary-method")?.textContent.trim().toLowerCase();
  const found = described?.paths[path]?.[method]?.["x-codeSamples"];
  const body = block.querySelector(".opblock-body");
  if (!found || !body) return;
  const code = element("code");
  const copy = element("button", { class: "btn", type: "button" }, place.dataset.sayCopy);
  const choices = found.map((sample) => element("button", { class: "btn", type: "button" }, sample.label));
  const choose = (at) => {
    code.textContent = found[at].source;
    copy.dataset.copy = found[at].source;
    choices.forEach((one, place) => one.setAttribute("aria-pressed", String(place === at)));
  };
  choices.forEach((one, at) => one.addEventListener("click", () => choose(at)));
  const shown = element("pre", { tabindex: "0", role: "region", "aria-label": place.dataset.examples }, code);
  const row = element("div", { class: "samples-row" }, ...choices, copy);
  const heading = element("h4", { "aria-level": "3" }, place.dataset.examples);
  body.append(element("section", { class: "samples" }, heading, row, shown));
  choose(0);
}

// Swagger UI brings a main landmark and a heading of its own: from then on the page's is a plain box.
function hand(landmark) {
  if (!landmark) return;
  landmark.querySelector(":scope > h1")?.remove();
  const box = element("div", { id: landmark.id, tabindex: "-1" }, ...landmark.childNodes);
  landmark.replaceWith(box);
}

// It leaves some of its fields without a name, skips levels of headings and landmarks, and leaves some of its scrolling
// boxes out of the keyboard's reach.
new MutationObserver(() => {
  for (const block of place.querySelectorAll(".opblock.is-open:not(:has(.samples))")) addExamples(block);
  for (const field of place.querySelectorAll("select:not([aria-label]), textarea:not([aria-label])")) {
    const row = field.closest("[data-param-name]");
    field.setAttribute("aria-label", row ? row.dataset.paramName : field.closest(".servers") ? "Server" : "Kind of content");
  }
  if (place.querySelector("main")) hand(place.closest("main"));
  for (const heading of place.querySelectorAll("h3.opblock-tag:not([aria-level])")) heading.setAttribute("aria-level", "2");
  for (const heading of place.querySelectorAll("h4:not([aria-level])")) heading.setAttribute("aria-level", "3");
  for (const part of place.querySelectorAll(".information-container:not([role]), .scheme-container:not([role])")) {
    part.setAttribute("role", "region");
    part.setAttribute("aria-label", part.matches(".information-container") ? "About" : "Servers");
  }
  for (const part of place.querySelectorAll(".filter:not([role])")) {
    part.setAttribute("role", "search");
    part.setAttribute("aria-label", "Filter");
  }
  for (const box of place.querySelectorAll("pre:not([tabindex])")) {
    box.tabIndex = 0;
  }
}).observe(place, { childList: true, subtree: true });

draw();
