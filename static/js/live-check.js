/* A form that is checked by the server while somebody types: one request in flight, 300 ms of rest before it. Nothing is
 * kept here. A page without this script works by its button.
 *
 *   form[data-live-check]   is posted to the page's own address, as JSON is asked for: {parts: {id: HTML}, announce: "…",
 *                           trouble: "…", errors: {"<name>": ["<sentence>", …]}}: the errors stand at their fields
 *                           `fields: {"<name>": ["<value>"]}` are put into fields that nobody typed into meanwhile
 *   [data-live-voice]       says `announce` to those who hear the page (role=status)
 *   [data-live-state]       shows `trouble`, or why nothing could be checked (role=status)
 */
import { setValues } from "./conflict.js";
import { showErrors } from "./field-errors.js";
import { Parts } from "./parts.js";

const DELAY = 300;
const RETRY_MS = 5_000;
const BUSY_MS = 10_000;
const BUSY = "現在使用的人很多，還沒有檢查到最新的數字；打好的內容都還在，過一下會自動再檢查。";
const OFFLINE = "網路中斷，還沒有檢查到最新的數字；打好的內容都還在，網路好了會再檢查。";
const MOVED = "這一頁現在不能檢查（可能已經登出，或案件已經往下一步）。請先記下打好的內容，再重新整理頁面。";
const GONE = [401, 403, 404, 409];
const form = document.querySelector("form[data-live-check]");
const voice = form.querySelector("[data-live-voice]");
const state = form.querySelector("[data-live-state]");
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
    const posted = new FormData(form);
    const answer = await fetch(location.href, { method: "POST", body: posted, headers: { Accept: "application/json" } });
    if (answer.redirected || GONE.includes(answer.status)) {
      say("", MOVED);
      return;
    }
    if (answer.status === 429) {
      say("", BUSY);
      timer = setTimeout(check, BUSY_MS);
      return;
    }
    if (!answer.ok) throw new TypeError(`server ${answer.status}`);
    const data = await answer.json();
    if (data.errors) showErrors(form, data.errors);
    for (const [name, values] of Object.entries(data.fields || {})) {
      if (posted.get(name) === new FormData(form).get(name)) setValues(form, name, values);
    }
    parts.replace(data.parts);
    say(data.announce, data.trouble || "");
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

// Somebody may have typed before this script was there.
if ([...form.elements].some((one) => one.defaultValue !== undefined && one.value !== one.defaultValue)) timer = setTimeout(check, DELAY);
