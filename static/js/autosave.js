/* Drafts that save themselves: for any form. A page without this script loses nothing: its buttons save as well.
 *
 * On the form
 *   data-autosave-url="…"      where the changed form is posted, as the browser would post it, without its files
 *   data-autosave-owner="7"    id of the person: what waits on this device is offered to nobody else
 *   data-autosave-delay="800"  milliseconds of rest before a post (default 800; 300 for a live check)
 *   [data-autosave-skip]       a control of the form that says what a button shall do, not what is kept
 *   {% include "partials/edition.html" %}   the hidden fields `edition` and `seen`, by which a save that somebody else made
 *                              meanwhile is noticed and merged (lib/merge.py; views/merging.py does the server's part)
 * Anywhere on the page
 *   [data-autosave-state]      shows the state (partials/save_state.html); data-for="<form id>" when outside the form
 *
 * What the address answers (JSON); all optional
 *   200  {saved_at: "14:02", edition: 8, seen: "…", parts: {"<element id>": "<its new inside, HTML>"}, announce: "…",
 *         fields: {"<name>": ["<value>", …]}, notice: "…"}    `fields` were changed elsewhere alone and are put into the page;
 *                                                             `notice` says so beside the state
 *   422  the same, with errors: {"<name>": ["<sentence>", …]}: these could not be read, everything else was saved
 *   409  {conflicts: "<HTML of partials/conflicts.html>", edition, seen}: both changed the same field; nothing was saved, and
 *        nothing is until the person has chosen. Or {message: "…"}, as 403: not saved, and why; the next change tries again
 * The errors of a 200 or 422 stand at their fields, and those that are gone are taken away; an answer without `errors` or
 * `fields` leaves them as they are. `edition` and `seen` go into the form's fields of that name. The field `page` names this page:
 * where the answer to its save was lost on the way, the next one is not taken for another's.
 * A redirect or 401 means that the session has ended.
 *
 * Events on the form, for scripts of a page
 *   autosave:saved    detail = the answer
 *   autosave:restore  detail.entries = [[name, value], …], before they are put back: add missing rows now
 * Methods: form.autosave.soon(), form.autosave.now(), form.autosave.settle()
 *
 * What is not yet saved is kept in localStorage until it is; at the next visit the page offers to put it back.
 */
import { Conflict, setValues } from "./conflict.js";
import { button, clockTime, Copy, entriesOf } from "./copies.js";
import { showErrors } from "./field-errors.js";
import { Parts } from "./parts.js";
import { renewToken } from "./token.js";

const TEXT = {
  typing: "尚未儲存…",
  saving: "儲存中…",
  saved: (time) => `已儲存 ${time}`,
  partly: (time, label, count) => `其他內容已儲存 ${time}，「${label}」${count > 1 ? `等 ${count} 格` : ""}要改`,
  conflict: "還沒有存：請先選要留哪一個",
  offline: "尚未儲存／網路中斷，內容先留在這台裝置",
  ended: "登入已逾時，內容先留在這台裝置。",
  login: "在新分頁登入",
  retry: "登入好了，再存一次",
  refused: "沒有存進去，請按頁面上的按鈕儲存，看看原因。",
};
const RETRY_MS = [5_000, 10_000, 20_000, 30_000];
// Hidden fields that the server writes and reads back.
const SERVERS_OWN = new Set(["edition", "seen", "page"]);
const ENDED = Symbol("session ended");

class Autosave {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosaveUrl;
    this.delay = Number(form.dataset.autosaveDelay || 800);
    const key = `draft:${form.dataset.autosaveOwner || ""}:${new URL(this.url, location.href).pathname}`;
    this.copy = new Copy(form, key, { took: (copy) => this.took(copy), restored: (left) => this.restored(left) });
    this.parts = new Parts();
    this.conflict = new Conflict(form, () => this.now());
    this.nameThisPage();
    this.place = this.findPlace();
    this.voice = document.createElement("span");
    this.voice.className = "visually-hidden";
    this.voice.setAttribute("role", "status");
    this.place.after(this.voice);
    this.sent = this.typed();
    this.failures = 0;
    form.autosave = this;
    form.addEventListener("input", () => this.soon());
    form.addEventListener("change", () => this.soon());
    form.addEventListener("submit", (event) => this.beforeSubmit(event));
    addEventListener("pageshow", () => { this.leaving = false; });
    addEventListener("online", () => { if (this.dirty() && !this.conflict.panel) this.now(); });
    addEventListener("beforeunload", (event) => { if (this.dirty() && !this.leaving) event.preventDefault(); });
    // A phone that puts the tab away gives no other warning.
    document.addEventListener("visibilitychange", () => { if (document.hidden && this.dirty() && !this.leaving && !this.conflict.panel) this.now(); });
    this.copy.offer();
    if (this.conflict.panel) this.show("refused", TEXT.conflict, false);
  }

  nameThisPage() {
    const name = document.createElement("input");
    name.type = "hidden";
    name.name = "page";
    name.value = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 12)}`;
    this.form.append(name);
  }

  findPlace() {
    const found = this.form.querySelector("[data-autosave-state]")
      || (this.form.id && document.querySelector(`[data-autosave-state][data-for="${CSS.escape(this.form.id)}"]`));
    if (found) return found;
    const made = document.createElement("p");
    made.className = "saved";
    this.form.prepend(made);
    return made;
  }

  body() { return new URLSearchParams(entriesOf(this.form)).toString(); }
  /* What the person typed: the server's own marks are no change. */
  typed() { return new URLSearchParams(entriesOf(this.form).filter(([name]) => !SERVERS_OWN.has(name))).toString(); }
  dirty() { return this.typed() !== this.sent; }

  soon() {
    clearTimeout(this.timer);
    if (!this.dirty()) return;
    this.copy.keep();
    if (this.state === "ended" || this.conflict.panel) return;
    this.show("waiting", TEXT.typing, false);
    this.timer = setTimeout(() => this.now(), this.delay);
  }

  /* One request in flight; what is typed meanwhile goes with the next one. Resolves when the one in flight has come back. */
  now() {
    clearTimeout(this.timer);
    if (this.flying) this.again = true;
    else this.flight = this.fly();
    return this.flight;
  }

  /* The person leaves: what is not saved yet is sent now. */
  async settle() {
    for (let turn = 0; turn < 2 && this.dirty() && !this.conflict.panel && this.state !== "ended"; turn += 1) await this.now();
  }

  async fly() {
    this.flying = true;
    this.again = false;
    const typed = this.typed();
    try {
      this.show("waiting", TEXT.saving, false);
      await this.take(await this.post(this.body()), typed);
    } catch (error) {
      if (error === ENDED) this.askLogin();
      else this.tryLater();
    } finally {
      this.flying = false;
    }
    if (this.held) this.submitHeld();
    else if (this.again) this.soon();
  }

  /* A post on its way changes the edition that this form carries: the form follows when the answer is here. */
  beforeSubmit(event) {
    if (event.defaultPrevented) return;
    clearTimeout(this.timer);
    this.leaving = true;
    if (!this.flying) {
      if (this.dirty()) this.copy.keep(true);
      return;
    }
    event.preventDefault();
    this.held = { name: event.submitter?.name, value: event.submitter?.value };
  }

  submitHeld() {
    const { name, value } = this.held;
    this.held = null;
    clearTimeout(this.timer);
    // The answer may have put a new button in the place of the one that was pressed.
    const pressed = [...this.form.elements].find((one) => one.type === "submit" && one.name === name && one.value === value);
    this.form.requestSubmit(pressed);
  }

  async post(body) {
    let response = await this.fetchOnce(body);
    // Signing in again changed the token: take the page's new one and try once more.
    if (response.status === 403) {
      if (!(await renewToken())) throw ENDED;
      response = await this.fetchOnce(body);
    }
    if (response.status >= 500) throw new Error(`server ${response.status}`);
    return response;
  }

  async fetchOnce(body) {
    const response = await fetch(this.url, {
      method: "POST",
      body: new URLSearchParams(body),
      headers: { Accept: "application/json", "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value },
      credentials: "same-origin",
    });
    if (response.status === 401 || response.redirected) throw ENDED;
    return response;
  }

  async take(response, typed) {
    this.failures = 0;
    const isJson = response.headers.get("Content-Type")?.includes("json");
    const answer = isJson ? await response.json() : {};
    this.adopt(answer);
    if (answer.conflicts) {
      this.copy.keep();
      this.conflict.ask(answer.conflicts);
      this.show("refused", TEXT.conflict, false);
      return;
    }
    const wrong = answer.errors ? showErrors(this.form, answer.errors) : [];
    this.parts.replace(answer.parts || {});
    if (wrong.length) {
      this.showPartly(wrong, answer.saved_at || clockTime());
      return;
    }
    if (!response.ok) {
      this.show("refused", answer.message || TEXT.refused, true);
      return;
    }
    this.sent = typed;
    this.takeOver(answer.fields || {});
    if (this.dirty()) { this.again = true; this.copy.keep(); } else this.copy.drop();
    this.show("saved", [TEXT.saved(answer.saved_at || clockTime()), answer.notice].filter(Boolean).join("　"), !answer.announce);
    if (answer.announce) this.say([answer.notice, answer.announce].filter(Boolean).join("　"));
    this.form.dispatchEvent(new CustomEvent("autosave:saved", { detail: answer, bubbles: true }));
  }

  adopt(answer) {
    for (const name of ["edition", "seen"]) {
      if (answer[name] !== undefined && this.form.elements[name]) this.form.elements[name].value = answer[name];
    }
  }

  /* Fields that were changed elsewhere alone; one that was typed into meanwhile is left, the next save asks about it. */
  takeOver(fields) {
    const clean = !this.dirty();
    const before = new URLSearchParams(this.sent);
    const now = new URLSearchParams(this.typed());
    for (const [name, values] of Object.entries(fields)) {
      if (before.getAll(name).join("\n") === now.getAll(name).join("\n")) setValues(this.form, name, values);
    }
    if (clean) this.sent = this.typed();
  }

  /* Everything but these was saved: the words lead to the first of them. */
  showPartly(wrong, time) {
    const label = wrong[0].closest("fieldset")?.querySelector("legend") || wrong[0].labels?.[0];
    const words = (label?.textContent || "").replace("*", "").trim();
    this.show("refused", TEXT.partly(time, words, wrong.length), true);
    this.place.append(" ", button("到那一格", () => wrong[0].focus(), "btn-link"));
  }

  tryLater() {
    this.copy.keep();
    this.show("offline", TEXT.offline, true);
    const wait = RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)];
    this.timer = setTimeout(() => this.now(), wait);
  }

  askLogin() {
    this.copy.keep();
    this.show("ended", TEXT.ended, true);
    const login = document.createElement("a");
    login.href = `/accounts/login/?next=${encodeURIComponent("/desk/")}`;
    login.target = "_blank";
    login.rel = "noopener";
    login.textContent = TEXT.login;
    this.place.append(" ", login, " ", button(TEXT.retry, async () => {
      this.state = "";
      try { await this.renewToken(); } catch { /* still signed out, or no network: the post says which */ }
      this.now();
    }));
  }

  show(state, words, aloud) {
    this.state = state;
    this.place.dataset.state = state;
    this.place.textContent = words;
    if (aloud) this.say(words);
  }

  /* The same words twice are not read out twice. */
  say(words) { if (this.voice.textContent !== words) this.voice.textContent = words; }

  /* A button posted the copy and the server counted a save: it is there, even if the page looks otherwise by now. */
  took(copy) {
    const then = copy.entries.find(([name]) => name === "edition")?.[1];
    return copy.posted && Number(this.form.elements.edition?.value) > Number(then)
      && !document.querySelector("[data-error-summary]");
  }

  restored(left) {
    this.now();
    if (left.length) this.voice.textContent = "有些欄位已不在這一頁，沒有全部帶回。";
  }
}

document.querySelectorAll("form[data-autosave-url]").forEach((form) => new Autosave(form));
