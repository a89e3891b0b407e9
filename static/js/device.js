/* What lies on this device for its person, and when it goes; on every page, before the scripts that keep something.
 *
 *   copies of what was typed (copies.js)               seven days; those of another person as soon as somebody is signed in here
 *   pages that open without a net (voucher-worker.js)  until nobody, or another person, is signed in here
 *   vouchers that wait (waiting-vouchers.js)           their person is asked to send them; another person reads that they are here and
 *                                                      may clear them at once, seven days later they go by themselves
 *
 * A form that signs out asks once where something was not sent; then all of it goes, whether the server can be reached or not,
 * and the other pages of the portal in this browser are emptied. The answer of the server says Clear-Site-Data as well
 * (accounts/middleware.py), for what no script reached.
 */
import { button, forgetCopies, store, sweepCopies, unsentCopies } from "./copies.js";
import { reachable, renewToken } from "./token.js";
import { drop, empty, everything, isThere, put } from "./waiting-store.js";

const TEXT = {
  unsent: (what) => `還有 ${what.join("、")}沒有送出，登出以後會從這台裝置清除。`,
  vouchers: (count) => `${count} 張單據`,
  forms: (count) => `${count} 份內容`,
  leave: "仍要登出",
  stay: "先不登出",
  out: "已登出",
  again: "重新登入",
  away: "還沒有登出",
  cleared: "現在沒有網路，這台裝置上的內容已經清除。網路恢復就會自動登出；不等的話，請把瀏覽器整個關掉。",
  own: (count) => `您有 ${count} 張單據還在這台裝置，沒有送出。`,
  send: "去送出",
  others: (count, day) => `這台裝置還有前一位使用者 ${count} 張沒有送出的單據，請他登入送出。最晚 ${day} 會自動清除。`,
  clear: "現在清除",
  gone: "已清除。",
};
const TERM_MS = 7 * 86_400_000;
const PATIENCE_MS = 5000;
const PERSON = document.body.dataset.person;
const SIGN_OUT = "form[method=post][action='/accounts/logout/']";
const others = "BroadcastChannel" in globalThis ? new BroadcastChannel("signing-out") : null;

/* --- On every page ------------------------------------------------------------------------------------------------ */
function sweep() {
  const before = store((box) => box.getItem("person"));
  if (!PERSON || (before && before !== PERSON)) globalThis.caches?.delete("entry-pages");
  if (PERSON) store((box) => box.setItem("person", PERSON));
  sweepCopies(PERSON);
}

async function waiting() { return (await isThere()) ? everything() : []; }

/* Said on the first page of a tab; the pages of vouchers show their own. */
async function sayWhatWaits() {
  const entries = await waiting();
  const mine = entries.filter((entry) => entry.person === PERSON);
  const left = await withinTerm(entries.filter((entry) => entry.person !== PERSON));
  const said = `${mine.length},${left.length}`;
  if (said === "0,0" || sessionStorage.getItem("waiting-said") === said) return;
  sessionStorage.setItem("waiting-said", said);
  if (mine.length && !document.querySelector("[data-waiting-vouchers]")) {
    const add = mine.find((entry) => entry.add)?.add;
    announce(TEXT.own(mine.length), add && Object.assign(document.createElement("a"), { href: add, textContent: TEXT.send }));
  }
  if (left.length) sayOthers(left);
}

function sayOthers(left) {
  const last = new Date(Math.min(...left.map((entry) => entry.noticed)) + TERM_MS);
  const day = last.toLocaleDateString("zh-TW", { month: "numeric", day: "numeric" });
  const box = announce(TEXT.others(left.length, day), button(TEXT.clear, async () => {
    for (const entry of left) await drop(entry.key);
    box.textContent = TEXT.gone;
  }));
}

async function withinTerm(entries) {
  const left = [];
  for (const entry of entries) {
    const noticed = entry.noticed || Date.now();
    if (Date.now() - noticed > TERM_MS) { await drop(entry.key); continue; }
    if (!entry.noticed) await put({ ...entry, noticed });
    left.push({ ...entry, noticed });
  }
  return left;
}

function announce(words, act) {
  const box = document.createElement("div");
  box.className = "alert alert-warning";
  box.append(words, " ", act || "");
  document.getElementById("messages").append(box);
  return box;
}

/* --- Signing out --------------------------------------------------------------------------------------------------- */
async function unsent() {
  dispatchEvent(new Event("device:leaving"));
  const forms = [...document.querySelectorAll("form[data-autosave-url]")];
  await Promise.race([Promise.allSettled(forms.map((form) => form.autosave?.settle())), pause(PATIENCE_MS)]);
  const vouchers = (await waiting().catch(() => [])).length;
  const copies = unsentCopies(PERSON, document.querySelector("[data-error-summary]") !== null);
  return [vouchers && TEXT.vouchers(vouchers), copies && TEXT.forms(copies)].filter(Boolean);
}

function pause(length) { return new Promise((done) => { setTimeout(done, length); }); }

function comesBack() { return new Promise((done) => { addEventListener("online", done, { once: true }); }); }

function asked(what) {
  const box = document.createElement("dialog");
  const words = Object.assign(document.createElement("p"), { id: "signing-out", textContent: TEXT.unsent(what) });
  box.className = "ask";
  box.setAttribute("aria-labelledby", words.id);
  const buttons = Object.assign(document.createElement("div"), { className: "actions" });
  const close = (answer) => () => box.close(answer);
  buttons.append(button(TEXT.stay, close(""), "btn-primary"), button(TEXT.leave, close("leave"), "btn-outline-danger"));
  box.append(words, buttons);
  document.body.append(box);
  box.showModal();
  return new Promise((done) => {
    box.addEventListener("close", () => { box.remove(); done(box.returnValue === "leave"); });
  });
}

async function clear() {
  stopAsking();
  forgetCopies();
  const names = await globalThis.caches?.keys() ?? [];
  const workers = await navigator.serviceWorker?.getRegistrations() ?? [];
  await Promise.allSettled([
    isThere().then((there) => there && empty()),
    ...names.map((name) => caches.delete(name)),
    ...workers.map((worker) => worker.unregister()),
  ]);
  others?.postMessage("out");
}

/* No form of this page asks whether to leave it, or saves itself, any more. */
function stopAsking() {
  for (const form of document.querySelectorAll("form[data-autosave-url]")) if (form.autosave) form.autosave.leaving = true;
}

let passing = false;
let busy = false;

async function signingOut(event) {
  const form = event.target;
  if (passing) return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  try {
    const what = await unsent();
    if (what.length && !(await asked(what))) return;
    await clear();
    await send(form);
  } finally {
    busy = false;
  }
}

async function send(form) {
  if (!(await reachable())) {
    show(TEXT.away, TEXT.cleared);
    document.body.append(form);
    form.hidden = true;
    while (!(await reachable())) await Promise.race([pause(PATIENCE_MS), comesBack()]);
  }
  passing = true;
  form.requestSubmit();
}

/* The page without anything of the person. */
function show(heading, words, act = "") {
  const main = document.createElement("main");
  main.className = "wide";
  const line = document.createElement("p");
  line.setAttribute("role", "alert");
  line.append(words, act);
  main.append(Object.assign(document.createElement("h1"), { textContent: heading }), line);
  document.title = heading;
  delete document.body.dataset.person;
  document.body.replaceChildren(main);
}

function emptied() {
  stopAsking();
  forgetCopies();
  show(TEXT.out, "", Object.assign(document.createElement("a"), { href: "/accounts/login/", textContent: TEXT.again }));
}

sweep();
if (PERSON) {
  for (const form of document.querySelectorAll(SIGN_OUT)) form.addEventListener("submit", signingOut);
  others?.addEventListener("message", emptied);
  // Back from elsewhere: the browser may show the page as it was, though the session has ended since.
  addEventListener("pageshow", async (event) => {
    if (event.persisted && !(await renewToken().catch(() => true))) location.reload();
  });
  sayWhatWaits().catch(() => {});
}
