/* Every form that somebody writes in keeps what was typed on this device until it is sent, and says so; on every page.
 *
 * What becomes of it when its person signs out, or another one signs in, stands in device.js.
 * Forms that save themselves (autosave.js) are left to that. Here nothing goes to the server: a decision, a letter's reason or a
 * finding is the person's own until they press the button. A copy goes once its form was sent and the next page answered
 * with a message; a refusal, an ended session or a lost network leaves it, and the form offers it again.
 *   body[data-person="7"]      whose copy it is: nobody else on this device is offered it, and without a person nothing is kept
 *   form[data-keep="off"]      what shall not lie on the device
 *   form[data-keep="shown"]    the page answers this form and shows what of it was not done: nothing is offered, this is kept instead
 */
import { clockTime, Copy, keptOf, store } from "./copies.js";

const DELAY_MS = 600;
const TYPED = "textarea, input[type=text], input:not([type]), input[type=email], input[type=tel], input[type=number]";
const SECRET = "input[type=password], input[autocomplete=one-time-code]";
const PERSON = document.body.dataset.person;

class Kept {
  constructor(form, key) {
    this.form = form;
    this.copy = new Copy(form, key, { holds: refused, restored: () => this.now(), only: (name) => form.elements[name] });
    const answered = form.dataset.keep === "shown";
    this.shown = answered ? "" : this.typed();
    form.addEventListener("input", () => this.soon());
    form.addEventListener("change", () => this.soon());
    form.addEventListener("submit", (event) => this.sent(event));
    // Emptied by a script of the page, which has put what was typed elsewhere (waiting-vouchers.js).
    form.addEventListener("reset", () => this.copy.drop());
    for (const leaving of ["pagehide", "device:leaving"]) addEventListener(leaving, () => { if (this.timer) this.now(); });
    if (answered) this.copy.keep(); else this.copy.offer();
  }

  typed() { return new URLSearchParams(keptOf(this.form)).toString(); }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), DELAY_MS);
  }

  now() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.typed() === this.shown) {
      if (this.place) this.copy.drop();
      return;
    }
    this.copy.keep();
    this.copy.checkOffer();
    this.say(`已暫存在這台裝置 ${clockTime()}，還沒有送出`);
  }

  sent(event) {
    clearTimeout(this.timer);
    this.timer = 0;
    if (!event.defaultPrevented && this.typed() !== this.shown) this.copy.keep(true);
  }

  say(words) {
    if (!this.place) {
      this.place = document.createElement("p");
      this.place.className = "saved";
      this.place.dataset.state = "saved";
      // Heard once; the time that follows is only seen.
      this.place.setAttribute("role", "status");
      const buttons = this.form.querySelector(".actions");
      if (buttons) buttons.before(this.place); else this.form.append(this.place);
      this.place.textContent = words;
      return;
    }
    this.place.removeAttribute("role");
    this.place.textContent = words;
  }
}

function refused() { return document.querySelector("[data-error-summary]") !== null; }

/* What was sent and answered with a message has arrived. */
function dropArrived() {
  const answered = document.querySelector("#messages .alert:not(.alert-error):not(.alert-danger)");
  if (!answered || refused()) return;
  store((box) => {
    for (const key of Object.keys(box)) {
      if (key.startsWith(`kept:${PERSON}:`) && JSON.parse(box.getItem(key) || "{}").posted) box.removeItem(key);
    }
  });
}

/* Forms of one address are kept apart by their id, else by their place on the page. */
function keyOf(form, others) {
  const key = `kept:${PERSON}:${new URL(form.getAttribute("action") || location.href, location.href).pathname}#${form.id}`;
  return others.has(key) ? `${key}#${others.size}` : key;
}

if (PERSON) {
  dropArrived();
  const keys = new Set();
  for (const form of document.querySelectorAll("main form[method=post]:not([data-autosave-url]):not([data-keep=off])")) {
    if (!form.querySelector(TYPED) || form.querySelector(SECRET)) continue;
    const key = keyOf(form, keys);
    keys.add(key);
    new Kept(form, key);
  }
}
