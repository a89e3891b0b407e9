/* Vouchers and rosters that are entered without a net wait on this device, their photos included, and are sent when it is back.
 *
 *   section[data-waiting-vouchers]   on the pages of a case's vouchers; empty, and shown once something waits
 *     data-number, data-add, data-worker, data-rosters   the case, the page of a voucher, the worker's script, the pages of rosters
 *   form[data-entry="voucher"]       the form of a new voucher, of a new roster ("roster"); photo step: form[data-photo-step]
 *     data-send, data-add            where it goes, and its page
 *   [data-autosave-skip]             what does not lie on the device: the numbers of people
 *
 * Each entry has a key made here; the server enters a key once, however often it is sent (views/settlements/voucher_sending.py).
 * What the server does not take stays here with its reason until the person has changed or deleted it, or signed out (device.js). Entries are
 * those of the person who made them (body[data-person]). Without this script, or without IndexedDB, the form is an ordinary one.
 */
import { reachable, renewToken } from "./token.js";
import { drop, everything, get, put } from "./waiting-store.js";

const TEXT = {
  waiting: (count) => `${count} 張單據等網路恢復後送出`,
  refused: (count) => `${count} 張單據縣府沒有收下，請看下面的原因`,
  sent: (count) => `已送出 ${count} 張在這台裝置等候的單據。`,
  kept: "沒有網路，這張單據先留在這台裝置，網路恢復就會送出。可以接著記下一張。",
  photo: (name) => `照片「${name}」先留在這台裝置。`,
  missing: (names) => `還沒填：${names.join("、")}。`,
  one: (entry) => entry.what === "roster" ? roster(entry) : `${value(entry, "payee")}　${value(entry, "amount")} 元　${value(entry, "issued_on")}`,
  roster: (names, day) => `印領清冊　${names[0]}${names.length > 1 ? `等 ${names.length} 列` : ""}　${day}`,
  online: "沒有網路，不能算、也不能加列。可以先按「儲存清冊」留在這台裝置，其他人再記一份。",
  elsewhere: (number) => `（${number}）`,
  ended: "登入已逾時，單據還在這台裝置。請重新登入，再回這一頁；登出就會清除。",
  now: "現在送出",
  open: "打開來改",
  drop: "不要這一張",
  sure: "真的刪除",
  failed: "這一案現在不能記單據，請聯絡縣府承辦人。",
};
const NEEDED = {
  voucher: { line: "用在哪一項", kind: "單據種類", amount: "金額", issued_on: "單據日期", payee: "店家或受款人", purpose: "用途" },
  roster: { "row-0-name": "第一個人的姓名", issued_on: "付款日期", purpose: "做了什麼" },
};
const PERSON = document.body.dataset.person;
const PHOTO = "photo";
const KEPT_FOR_MS = 3_600_000;
const RETRY_MS = [2_000, 5_000, 15_000, 60_000];
const place = document.querySelector("[data-waiting-vouchers]");
const entryForm = document.querySelector("form[data-entry]");
const photoForm = document.querySelector("form[data-photo-step]");

function value(entry, name) { return entry.fields.find(([key]) => key === name)?.[1] || ""; }

function roster(entry) {
  const names = entry.fields.filter(([key, text]) => /^row-\d+-name$/.test(key) && text.trim()).map(([, text]) => text.trim());
  return TEXT.roster(names, value(entry, "issued_on"));
}

async function mine() {
  return (await everything()).filter((one) => one.person === PERSON && !one.key.startsWith(PHOTO)).sort((a, b) => a.at - b.at);
}

/* --- Entering without a net --------------------------------------------------------------------------------------- */
let passing = false;

async function submitted(event) {
  const what = entryForm.dataset.entry;
  const saves = event.submitter?.name !== "command" || event.submitter.value === "save";
  if (passing || event.defaultPrevented || (what === "voucher" && !saves)) return;
  event.preventDefault();
  if (await reachable()) {
    passing = true;
    entryForm.requestSubmit(event.submitter || undefined);
    return;
  }
  if (!saves) { say(TEXT.online, true); place.focus(); return; }
  const data = new FormData(entryForm);
  const needed = NEEDED[what];
  const missing = Object.keys(needed).filter((name) => !String(data.get(name) || "").trim());
  if (missing.length) {
    say(TEXT.missing(missing.map((name) => needed[name])), true);
    entryForm.elements[missing[0]][0]?.focus?.() ?? entryForm.elements[missing[0]].focus();
    return;
  }
  const photo = data.get("photo");
  const key = entryForm.dataset.opened || crypto.randomUUID();
  const left = new Set([...entryForm.querySelectorAll("[data-autosave-skip]")].map((field) => field.name).concat("csrfmiddlewaretoken", "key"));
  const fields = [...data].filter(([name, text]) => typeof text === "string" && !left.has(name));
  await put({
    key, person: PERSON, what, number: place.dataset.number, send: entryForm.dataset.send, add: entryForm.dataset.add, at: Date.now(),
    fields, photo: photo instanceof File && photo.size ? photo : (await get(key))?.photo || null, refused: "",
  });
  clear();
  await show(TEXT.kept);
  place.focus();
  later();
}

function clear() {
  delete entryForm.dataset.opened;
  entryForm.reset();
  for (const left of entryForm.querySelectorAll("[data-upload-held], [data-code-state], [data-upload-state]")) {
    left.replaceChildren();
    left.classList.remove("wrong");
  }
  entryForm.dispatchEvent(new Event("input", { bubbles: true }));
}

/* The photo that could not be sent when it was chosen comes along to the page of entry. */
async function photoSubmitted(event) {
  const [photo] = photoForm.elements.photo.files;
  if (passing || event.defaultPrevented || !photo) return;
  event.preventDefault();
  if (await reachable()) {
    passing = true;
    photoForm.requestSubmit(event.submitter || undefined);
    return;
  }
  await takeAlong(photo);
}

async function takeAlong(photo) {
  await put({ key: `${PHOTO}-${PERSON}`, person: PERSON, photo });
  location.href = place.dataset.add;
}

/* A chosen photo stays in its field instead of being sent (upload.js asks). */
async function chosen(event) {
  const form = event.target.form;
  if (navigator.onLine || (form !== entryForm && form !== photoForm)) return;
  event.preventDefault();
  const [photo] = event.detail.files;
  if (form === photoForm) {
    await takeAlong(photo);
    return;
  }
  setPhoto(event.target, photo);
  say(TEXT.photo(photo.name));
}

function setPhoto(input, photo) {
  const files = new DataTransfer();
  files.items.add(photo);
  input.files = files.files;
}

/* The photo that was taken on the page before, when the net was gone already. */
async function takeWaitingPhoto() {
  const left = await get(`${PHOTO}-${PERSON}`);
  if (!left) return;
  await drop(left.key);
  bring(left.photo);
}

function bring(photo) {
  const input = entryForm.elements.photo;
  setPhoto(input, photo);
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

/* --- Sending ------------------------------------------------------------------------------------------------------ */
async function post(entry) {
  const body = new FormData();
  for (const [name, text] of entry.fields) body.append(name, text);
  body.append("key", entry.key);
  if (entry.photo) body.append("photo", entry.photo, entry.photo.name || "photo.jpg");
  body.append("csrfmiddlewaretoken", document.querySelector("input[name=csrfmiddlewaretoken]").value);
  return fetch(entry.send, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } });
}

/* Returns "sent", "refused", "ended" (the session) or "later". */
async function send(entry) {
  let answer;
  try {
    answer = await post(entry);
    if (answer.status === 403 && !isJson(answer)) {
      if (!(await renewToken())) return "ended";
      answer = await post(entry);
    }
  } catch {
    return "later";
  }
  if (answer.redirected || answer.status === 401) return "ended";
  if (answer.status >= 500 || answer.status === 429) return "later";
  if (answer.ok && isJson(answer)) {
    await drop(entry.key);
    return "sent";
  }
  const reason = isJson(answer) ? (await answer.json()).message : TEXT.failed;
  await put({ ...entry, refused: reason });
  return "refused";
}

function isJson(answer) { return answer.headers.get("Content-Type")?.includes("json"); }

/* A phone often says that it has a net when it has none, and does not say when one comes: it is tried again, ever less often. */
let timer = 0;
let tries = 0;

async function sendAll() {
  clearTimeout(timer);
  await navigator.locks.request("waiting-vouchers", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    let [count, refused] = [0, 0];
    for (const entry of await mine()) {
      // One that was opened may have been entered by its form meanwhile: the server knows its key.
      if ((entry.refused && !entry.opened) || entryForm?.elements.key.value === entry.key) continue;
      const came = await send(entry);
      if (came === "sent") count += 1;
      if (came === "refused") refused += 1;
      if (came === "ended") { await show(TEXT.ended); return; }
      if (came === "later") break;
    }
    if (count) tries = 0;
    if (count || refused) await show(count ? TEXT.sent(count) : "");
  });
  if ((await mine()).some((entry) => !entry.refused)) later();
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(sendAll, RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)]);
}

/* --- What the person sees ----------------------------------------------------------------------------------------- */
function make(tag, words, attributes = {}) { return Object.assign(document.createElement(tag), { textContent: words }, attributes); }

function say(words, wrong = false) {
  const line = place.querySelector("[data-said]");
  line.textContent = words;
  line.classList.toggle("wrong", wrong);
  place.hidden = false;
}

async function show(words = "") {
  const entries = await mine();
  const waiting = entries.filter((entry) => !entry.refused);
  const refused = entries.filter((entry) => entry.refused);
  const list = place.querySelector("ul");
  list.replaceChildren(...entries.map(line));
  place.querySelector("h2").textContent = [waiting.length && TEXT.waiting(waiting.length), refused.length && TEXT.refused(refused.length)].filter(Boolean).join("；");
  place.querySelector("h2").hidden = !entries.length;
  place.querySelector("[data-now]").hidden = !waiting.length;
  say(words);
  place.hidden = !entries.length && !words;
}

function line(entry) {
  const item = make("li", TEXT.one(entry));
  if (entry.number !== place.dataset.number) item.append(TEXT.elsewhere(entry.number));
  if (!entry.refused) return item;
  item.append(make("p", entry.refused, { className: "cut" }));
  const blank = entry.what === "roster" ? `?blank=${value(entry, "rows")}` : "";
  const open = make("a", TEXT.open, { className: "btn btn-outline-primary", href: `${entry.add}${blank}#waiting-${entry.key}` });
  const away = make("button", TEXT.drop, { type: "button", className: "btn btn-outline-danger" });
  away.addEventListener("click", async () => {
    if (away.textContent !== TEXT.sure) { away.textContent = TEXT.sure; return; }
    await drop(entry.key);
    await show();
  });
  item.append(open, " ", away);
  return item;
}

/* The form takes over an entry that was refused; sent from there, it goes as any other voucher, under the same key. */
async function openFromAddress() {
  const key = location.hash.startsWith("#waiting-") ? location.hash.slice("#waiting-".length) : "";
  const entry = key && entryForm ? await get(key) : null;
  if (!entry || entry.person !== PERSON) return;
  await put({ ...entry, opened: true });
  for (const [name, text] of entry.fields) {
    const field = entryForm.elements[name];
    if (!field) continue;
    if (field instanceof RadioNodeList || field.type === "radio") {
      const choice = entryForm.querySelector(`[name="${CSS.escape(name)}"][value="${CSS.escape(text)}"]`);
      if (choice) choice.checked = true;
    } else if (field.type !== "file") field.value = text;
  }
  entryForm.elements.key.value = key;
  entryForm.dataset.opened = key;
  if (entry.photo) bring(entry.photo);
  say(entry.refused, true);
}

/* The pages of entry and what they need, for the next time without a net; the worker shows them. */
async function keepPages() {
  if (!("serviceWorker" in navigator) || !navigator.onLine) return;
  await navigator.serviceWorker.register(place.dataset.worker);
  const rosters = (place.dataset.rosters || "").split(" ").filter(Boolean);
  const own = entryForm?.dataset.entry === "roster" ? [entryForm.dataset.add] : [];
  for (const address of new Set([place.dataset.add, ...rosters, ...own])) await keepPage(address, address === place.dataset.add ? "" : "?blank=1");
  place.dataset.ready = "yes";
}

/* A roster's page is kept without the numbers of people. */
async function keepPage(address, query) {
  const pages = await caches.open("entry-pages");
  const kept = await pages.match(address);
  if (kept && Date.now() - Date.parse(kept.headers.get("Date")) < KEPT_FOR_MS) return;
  const answer = await fetch(address + query, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) { await pages.delete(address); return; }
  await pages.put(address, answer.clone());
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const files = [...page.querySelectorAll("link[rel=stylesheet], script[src]")].map((one) => one.getAttribute("href") || one.getAttribute("src"));
  const loaded = performance.getEntriesByType("resource").map((one) => new URL(one.name)).filter((url) => url.origin === location.origin && url.pathname.startsWith("/static/"));
  const wanted = new Set([...files, ...loaded.map((url) => url.pathname + url.search)]);
  const store = await caches.open("entry-files");
  await Promise.allSettled([...wanted].map((url) => store.add(url)));
}

if (place && PERSON && "indexedDB" in window && "locks" in navigator) {
  entryForm?.addEventListener("submit", submitted);
  photoForm?.addEventListener("submit", photoSubmitted);
  document.addEventListener("upload:chosen", chosen);
  addEventListener("online", sendAll);
  addEventListener("hashchange", openFromAddress);
  place.querySelector("[data-now]").addEventListener("click", sendAll);
  await show();
  await sendAll();
  if (entryForm) {
    await openFromAddress();
    if (entryForm.dataset.entry === "voucher") await takeWaitingPhoto();
  }
  keepPages().catch(() => {}); // it only costs the page without a net
}
