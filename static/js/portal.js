// The first call, sent from the page that shows the key. Without this script the line to copy does the same.
for (const button of document.querySelectorAll("[data-try]")) {
  const place = document.querySelector(button.dataset.shownIn);
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const headers = { Authorization: `Bearer ${button.dataset.key}` };
      const answer = await fetch(button.dataset.try, { headers, credentials: "omit" });
      const text = await answer.text();
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: as it came */ }
      place.textContent = `${answer.status} ${answer.statusText}\n\n${shown.slice(0, 4000)}`;
    } catch (problem) {
      place.textContent = String(problem);
    } finally {
      place.hidden = false;
      button.disabled = false;
    }
  });
}
