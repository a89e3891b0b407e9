/* Files are sent when they are chosen; what was typed on the page stays as it is, and so does the place of the page.
 *
 *   input[type=file][data-upload]   takes part
 *   data-papers-url="…"             a paper of a case: each file goes there at once; the answer is the paper's new inside
 *   data-hold-url="…"               any other form: the file is held until that form is sent
 *   data-max-bytes="20971520"       the limit; the help text beside the field says it too, for people without scripts
 *   data-shrink                     JPEG photos above 2 MB are drawn smaller (longest side 2400 pixels) before they are sent
 *   data-camera                     a button that opens the camera, on devices that are touched
 *   data-kinds="pdf,jpeg"           what a held file may be
 *   button[data-papers-button]      changes the papers (remove, put back): its formaction answers like data-papers-url
 *
 * Answers (JSON): {parts: {"<element id>": "<its new inside>"}, message: "…"} of papers, {held: {token, name, size, note}} of
 * held files, {message: "…"} with 422 for a refusal. Without this script the form carries its files. The server decides:
 * it checks size and content again.
 */
import { renewToken } from "./token.js";

const SHRINK_ABOVE = 2 * 1024 * 1024;
const LONGEST_SIDE = 2400;
const QUALITY = 0.85;
const TEXT = {
  shrinking: "照片處理中…",
  sending: (name, place) => `上傳中：${name}${place}`,
  share: (percent) => `（${percent}%）`,
  place: (now, all) => (all > 1 ? `（第 ${now} 個，共 ${all} 個）` : ""),
  offline: (name) => `「${name}」沒有傳上去，網路可能中斷了。請再選一次，或按頁面下方的按鈕送出。`,
  ended: "登入已逾時，檔案還沒傳上去。請在新分頁登入，再選一次檔案。",
  failed: (name) => `「${name}」沒有傳上去，請再試一次。`,
  tooBig: (names, limit) => `${names} 超過 ${limit}，請換小一點的檔案。`,
  smaller: (before) => `，已由 ${before} 縮小`,
  held: "已收到",
  drop: "不附這個檔案",
  camera: "拍照",
};
const flying = new Map(); // form → how many of its files are on their way
const waiting = new Map(); // form → the button that was pressed meanwhile

export function inWords(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

async function shrink(file) {
  if (file.type !== "image/jpeg" || file.size <= SHRINK_ABOVE) return file;
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file; // not a picture after all: the server says so in words
  }
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return blob && blob.size < file.size ? new File([blob], file.name, { type: "image/jpeg", lastModified: file.lastModified }) : file;
}

/* The line below the input that says what happens; it is heard too. */
function stateOf(input) {
  // Inside a fold that is closed nobody would see it.
  const fold = input.closest("details:not([open])");
  let place = (fold || input).parentElement.querySelector(fold ? ":scope > [data-upload-state]" : "[data-upload-state]");
  if (!place) {
    place = document.createElement("p");
    place.className = "form-text";
    place.dataset.uploadState = "";
    place.setAttribute("role", "status");
    (fold || input).after(place);
  }
  return place;
}

function say(input, words, wrong = false) {
  const place = stateOf(input);
  place.classList.toggle("wrong", wrong);
  place.textContent = words;
}

/* The page's own region for messages, which is always there. */
function announce(words, wrong = false) {
  const region = document.getElementById("messages");
  if (!words || !region) return;
  const box = document.createElement("div");
  box.className = `alert alert-${wrong ? "danger" : "success"}`;
  box.textContent = words;
  region.replaceChildren(box);
}

function token(form) {
  return (form?.elements.csrfmiddlewaretoken || document.querySelector("input[name=csrfmiddlewaretoken]"))?.value || "";
}

/* A POST that tells how far it is; resolves to {status, data}, rejects without a network or with the session gone. Where
 * signing in again changed the token, the page takes the new one and posts once more.
 */
async function post(url, body, progress) {
  let answer = await postOnce(url, body, progress);
  if (answer.status === 403 && !answer.data) {
    if (!(await renewToken())) throw new Error("ended");
    body.set("csrfmiddlewaretoken", token());
    answer = await postOnce(url, body, progress);
  }
  if (!answer.data) throw new Error(answer.status < 400 ? "ended" : "failed");
  return answer;
}

/* `data` is null where the answer is no JSON. */
function postOnce(url, body, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) progress(Math.round((100 * event.loaded) / event.total)); });
    request.addEventListener("error", () => reject(new Error("offline")));
    request.addEventListener("load", () => {
      // With the session gone it ends at the sign-in page, which answers scripts in JSON as well.
      const arrived = new URL(request.responseURL).pathname === new URL(url, location.href).pathname;
      const isJson = arrived && request.getResponseHeader("Content-Type")?.includes("json");
      resolve({ status: request.status, data: isJson ? JSON.parse(request.responseText) : null });
    });
    request.send(body);
  });
}

function put(parts) {
  const focused = document.activeElement?.id;
  for (const [id, html] of Object.entries(parts || {})) {
    const part = document.getElementById(id);
    if (part) { part.innerHTML = html; dress(part); }
  }
  const again = focused && document.getElementById(focused);
  if (again && document.activeElement !== again) again.focus({ preventScroll: true });
}

function reason(error, name) {
  return error.message === "ended" ? TEXT.ended : error.message === "offline" ? TEXT.offline(name) : TEXT.failed(name);
}

/* Sends the chosen files one after the other, so that what has arrived is not lost with what has not. */
async function send(input, files, before) {
  const form = input.form;
  const { papersUrl, holdUrl, kinds } = input.dataset;
  flying.set(form, (flying.get(form) || 0) + 1);
  input.setAttribute("aria-busy", "true");
  let field = input;
  try {
    for (const [index, file] of files.entries()) {
      const body = new FormData();
      body.append("csrfmiddlewaretoken", token(form));
      body.append(papersUrl ? input.name : "file", file, file.name);
      if (kinds) body.append("kinds", kinds);
      const note = papersUrl && field.closest("section, .upload")?.querySelector("[data-upload-note]");
      if (note) body.append(note.name, note.value);
      const place = TEXT.place(index + 1, files.length);
      say(field, TEXT.sending(file.name, place));
      const { status, data } = await post(papersUrl || holdUrl, body, (share) => say(field, TEXT.sending(file.name, place + TEXT.share(share))));
      if (papersUrl) {
        put(data.parts);
        field = document.getElementById(input.id) || field;
        if (data.message) say(field, data.message, status !== 200);
      } else if (status === 200) keepHeld(field, data.held, before[index]);
      else { say(field, data.message, true); field.value = ""; }
    }
  } catch (error) {
    say(field, reason(error, files[0].name), true);
  } finally {
    field.removeAttribute("aria-busy");
    landed(form);
  }
}

/* A held file stands below its input and goes with the form. */
function keepHeld(input, held, before) {
  const list = input.parentElement.querySelector("[data-upload-held]");
  const item = document.createElement("li");
  const hidden = Object.assign(document.createElement("input"), { type: "hidden", name: `${input.name}-held`, value: held.token });
  const name = Object.assign(document.createElement("span"), { textContent: held.name });
  const note = Object.assign(document.createElement("small"), { className: "soft" });
  note.textContent = `${held.size}${before || ""}　${TEXT.held}　${held.note || ""}`;
  const drop = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-link btn-sm", textContent: TEXT.drop });
  drop.addEventListener("click", () => { item.remove(); say(input, ""); input.required = "wanted" in input.dataset; input.focus(); });
  item.append(hidden, name, " ", note, " ", drop);
  list.replaceChildren(item);
  if (input.required) { input.dataset.wanted = ""; input.required = false; }
  input.value = "";
  say(input, "");
  input.dispatchEvent(new CustomEvent("upload:held", { bubbles: true, detail: held }));
}

function landed(form) {
  const left = flying.get(form) - 1;
  if (left) { flying.set(form, left); return; }
  flying.delete(form);
  const pressed = waiting.get(form);
  waiting.delete(form);
  if (pressed) form.requestSubmit(pressed.isConnected ? pressed : undefined);
}

async function chosen(input) {
  const files = [...input.files];
  input.setCustomValidity("");
  say(input, "");
  if (!files.length) return;
  let sent = files;
  if ("shrink" in input.dataset) {
    say(input, TEXT.shrinking);
    sent = await Promise.all(files.map(shrink));
  }
  const limit = Number(input.dataset.maxBytes || 0);
  const big = limit ? sent.filter((file) => file.size > limit) : [];
  if (big.length) {
    const words = TEXT.tooBig(big.map((file) => `${file.name}（${inWords(file.size)}）`).join("、"), inWords(limit));
    input.setCustomValidity(words);
    say(input, words, true);
    return;
  }
  // Whoever hears it may keep the files back: without a net they wait on this device (waiting-vouchers.js).
  const detail = { files: sent };
  if (!input.dispatchEvent(new CustomEvent("upload:chosen", { bubbles: true, cancelable: true, detail }))) return;
  const before = sent.map((file, index) => (file.size < files[index].size ? TEXT.smaller(inWords(files[index].size)) : ""));
  await send(input, sent, before);
}

/* What only a device with a script and a camera can use. */
function dress(root) {
  if (!matchMedia("(pointer: coarse)").matches) return;
  for (const input of root.querySelectorAll("input[type=file][data-upload][data-camera]")) {
    if (input.dataset.dressed) continue;
    input.dataset.dressed = "yes";
    const camera = Object.assign(document.createElement("input"), { type: "file", accept: "image/*", className: "visually-hidden", tabIndex: -1 });
    camera.capture = "environment";
    camera.setAttribute("aria-hidden", "true");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-outline-primary", textContent: TEXT.camera });
    button.addEventListener("click", () => camera.click());
    camera.addEventListener("change", () => {
      const box = new DataTransfer();
      for (const file of camera.files) box.items.add(file);
      camera.value = "";
      input.files = box.files;
      chosen(input);
    });
    input.before(button, camera);
  }
}

async function press(button) {
  const form = button.form;
  const body = new FormData();
  body.append("csrfmiddlewaretoken", token(form));
  try {
    const { status, data } = await post(button.formAction, body, () => {});
    put(data.parts);
    announce(data.message, status !== 200);
    document.querySelector(`[data-papers-button="${CSS.escape(data.next || "")}"]`)?.focus({ preventScroll: true });
  } catch (error) {
    announce(reason(error, button.textContent.trim()), true);
  }
}

// On the document, so that parts added later take part as well.
document.addEventListener("change", (event) => {
  if (event.target.matches?.("input[type=file][data-upload]")) chosen(event.target);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-papers-button]");
  if (!button) return;
  event.preventDefault();
  press(button);
});
// A form that is sent while its files are on their way follows when they have landed.
document.addEventListener("submit", (event) => {
  if (!flying.has(event.target)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  waiting.set(event.target, event.submitter || undefined);
  if (!event.submitter) waiting.set(event.target, document.createElement("button"));
}, true);
dress(document);
