/* The public calculator checks itself while somebody types: one request in flight, 300 ms of rest before it. Nothing is
 * kept, here or there. A page without this script works by its button. The answer is {parts: {id: HTML}, announce: "…"}.
 */
import { Parts } from "./parts.js";

const DELAY = 300;
const RETRY_MS = 5_000;
const OFFLINE = "網路中斷，還沒有檢查到最新的數字；打好的內容都還在，網路好了會再檢查。";
const form = document.getElementById("calculator-form");
const voice = document.getElementById("calculator-voice");
const state = document.getElementById("calculator-state");
const parts = new Parts();
let timer = 0;
let busy = false;
let again = false;

async function check() {
  clearTimeout(timer);
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    const answer = await fetch(location.href, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    if (!answer.ok) throw new TypeError(`server ${answer.status}`);
    const told = await answer.json();
    parts.replace(told.parts);
    say(told.announce, "");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    say("", OFFLINE);
    timer = setTimeout(check, RETRY_MS);
  } finally {
    busy = false;
    if (again) {
      again = false;
      check();
    }
  }
}

/* The same words twice are not read out twice. */
function say(announce, trouble) {
  if (state.textContent !== trouble) state.textContent = trouble;
  if (announce && voice.textContent !== announce) voice.textContent = announce;
}

for (const kind of ["input", "change"]) {
  form.addEventListener(kind, () => {
    clearTimeout(timer);
    timer = setTimeout(check, DELAY);
  });
}
