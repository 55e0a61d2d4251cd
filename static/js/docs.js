// Draws the API's description on /api/docs. Swagger UI comes as vendored files; nothing is fetched from elsewhere.
const place = document.getElementById("reference");

window.SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  deepLinking: false, // its links would stand inside buttons
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  validatorUrl: null,
  presets: [window.SwaggerUIBundle.presets.apis],
});

// Swagger UI leaves some of its fields without a name, skips levels of headings and landmarks, and leaves some of its scrolling boxes out of the keyboard's reach.
new MutationObserver(() => {
  for (const field of place.querySelectorAll("select:not([aria-label]), textarea:not([aria-label])")) {
    const row = field.closest("[data-param-name]");
    field.setAttribute("aria-label", row ? row.dataset.paramName : field.closest(".servers") ? "Server" : "Kind of content");
  }
  for (const heading of place.querySelectorAll("h3.opblock-tag:not([aria-level])")) heading.setAttribute("aria-level", "2");
  for (const heading of place.querySelectorAll("h4:not([aria-level])")) heading.setAttribute("aria-level", "3");
  for (const part of place.querySelectorAll(".information-container:not([role]), .scheme-container:not([role])")) {
    part.setAttribute("role", "region");
    part.setAttribute("aria-label", part.matches(".information-container") ? "About" : "Servers");
  }
  for (const box of place.querySelectorAll("pre:not([tabindex])")) {
    box.tabIndex = 0;
  }
}).observe(place, { childList: true, subtree: true });
