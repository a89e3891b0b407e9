/* The public calculator checks itself while somebody types: one request in flight, 300 ms of rest before it. Nothing is
 * kept, here or there. A page without this script works by its button. The answer is {parts: {id: HTML}, announce: "…"}.
 */
const DELAY = 300;
const form = document.getElementById("calculator-form");
const voice = document.getElementById("calculator-voice");
const shown = new Map();
let timer = 0;
let busy = false;
let again = false;

async function check() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    const answer = await fetch(location.href, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    if (answer.ok) show(await answer.json());
  } catch (error) {
    // Without the network the button says what is the matter; typing goes on.
    if (!(error instanceof TypeError)) throw error;
  } finally {
    busy = false;
    if (again) {
      again = false;
      check();
    }
  }
}

function show({ parts, announce }) {
  for (const [id, html] of Object.entries(parts)) {
    if (shown.get(id) === html) continue;
    shown.set(id, html);
    const place = document.getElementById(id);
    if (place) place.innerHTML = html;
  }
  if (voice.textContent !== announce) voice.textContent = announce;
}

for (const kind of ["input", "change"]) {
  form.addEventListener(kind, () => {
    clearTimeout(timer);
    timer = setTimeout(check, DELAY);
  });
}
