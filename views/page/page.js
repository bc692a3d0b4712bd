"use strict";
// Shows what the event stream brings. Without it the page stands as it was loaded.
const link = document.getElementById("link");
const stream = new EventSource("/live");
let seen = 0;
stream.addEventListener("parts", (event) => {
  const parts = JSON.parse(event.data);
  for (const [id, html] of Object.entries(parts)) {
    const section = document.getElementById(id);
    if (section && section.dataset.html !== html) {
      section.dataset.html = html;
      section.innerHTML = html;
    }
  }
  seen = Date.now();
  link.textContent = "live";
  link.className = "good";
});
const lost = (text) => {
  link.textContent = text;
  link.className = "bad";
};
stream.onerror = () => lost("no connection: trying again");
setInterval(() => {
  if (seen && Date.now() - seen > 10000) lost("nothing for " + Math.round((Date.now() - seen) / 1000) + " s");
}, 1000);
