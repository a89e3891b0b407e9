/* What was typed into a form, kept on this device until it has arrived, and offered again at the next visit; for seven days
 * (device.js), and until its person signs out or somebody else signs in. Never numbers of identity or of bank accounts, passwords or codes.
 *
 * One copy a form: new Copy(form, key, {took, holds, restored, only}); all optional.
 *   took(copy)      whether the server has it already, whatever the page looks like
 *   holds()         whether to hold on to a copy that equals what the page shows: it was refused and is not in yet
 *   only(name)      whether the page can take a pair of that name back; the others are not offered (default: all)
 *   restored(left)  called after the copy was put back; `left` are its pairs for which the page has no field
 * Event on the form: autosave:restore, detail.entries = [[name, value], …], before they are put back: add missing rows now.
 */
const TEXT = {
  found: (when) => `這台裝置留有 ${when} 還沒存進去的內容。`,
  restore: "帶回來",
  discard: "不用了",
};
const KEEP_MS = 7 * 86_400_000;
// Whose copy a key of the store is: kept:7:/settlements/… (keep.js), draft:7:/applications/… (autosave.js).
const OWNED = /^(?:kept|draft):([^:]*):/;
// What never lies on a device, in whatever form it stands; tests/test_kept_on_device.py holds that every such field is named so.
const NEVER = /(?:national_id|bank_code|bank_account|password\d*|pass_code|^code)$/;

let closed = false;

export class Copy {
  constructor(form, key, { took = () => false, holds = () => false, restored = () => {}, only = () => true } = {}) {
    this.form = form;
    this.key = key;
    this.took = took;
    this.holds = holds;
    this.restored = restored;
    this.only = only;
  }

  keep(posted = false) {
    if (closed) return;
    store((box) => box.setItem(this.key, JSON.stringify({ at: Date.now(), posted, entries: keptOf(this.form) })));
  }

  drop() {
    this.checkOffer();
    store((box) => box.removeItem(this.key));
  }

  offer() {
    const copy = JSON.parse(store((box) => box.getItem(this.key)) || "null");
    if (!copy) return;
    if (this.took(copy)) { this.drop(); return; }
    const entries = copy.entries.filter(([name]) => this.only(name));
    const nothing = !entries.some(([name]) => this.form.elements[name]?.type !== "hidden");
    if (nothing) { this.drop(); return; }
    if (sameContent(entries, keptOf(this.form), this.form.elements)) {
      if (!this.holds()) this.drop();
      return;
    }
    const offer = document.createElement("div");
    offer.className = "alert alert-warning";
    offer.setAttribute("role", "status");
    const words = document.createElement("p");
    words.textContent = TEXT.found(new Date(copy.at).toLocaleString("zh-TW", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }));
    offer.append(
      words,
      button(TEXT.restore, () => { offer.remove(); this.restore(entries); }, "btn-primary"), " ",
      button(TEXT.discard, () => { offer.remove(); this.drop(); }),
    );
    this.form.prepend(offer);
    this.offered = { box: offer, entries };
  }

  /* The offer goes once all of it is on the page. */
  checkOffer() {
    if (!this.offered || !sameContent(this.offered.entries, keptOf(this.form), this.form.elements)) return;
    this.offered.box.remove();
    this.offered = null;
  }

  restore(entries) {
    this.form.dispatchEvent(new CustomEvent("autosave:restore", { detail: { entries }, bubbles: true }));
    const left = entries.filter(([name]) => !this.form.elements[name]);
    for (const field of this.form.elements) fill(field, entries);
    this.restored(left);
  }
}

/* The form as it would be posted; files and passwords stay out, the token is no content. */
export function entriesOf(form) {
  return [...new FormData(form)].filter(([name, value]) =>
    typeof value === "string" && name !== "csrfmiddlewaretoken" && !name.startsWith("conflict") && form.elements[name]?.type !== "password"
    && form.elements[name]?.dataset?.autosaveSkip === undefined);
}

/* What of it may lie on a device. */
export function keptOf(form) { return entriesOf(form).filter(([name]) => !NEVER.test(name)); }

/* Copies that are older than their term go, and with somebody signed in those of everybody else. */
export function sweepCopies(person) {
  each((box, key, owner) => {
    const other = person && owner && owner !== person;
    if (other || !(Date.now() - read(box, key).at <= KEEP_MS)) box.removeItem(key);
  });
}

/* How many forms of this person were typed into and not sent; with `posted` those too that were sent and refused. */
export function unsentCopies(person, posted) {
  let count = 0;
  each((box, key, owner) => {
    if (owner === person && (posted || !read(box, key).posted)) count += 1;
  });
  return count;
}

/* The person has signed out: nothing is left, and nothing is kept any more by a page that is still open. */
export function forgetCopies() {
  closed = true;
  store((box) => box.clear());
  try { sessionStorage.clear(); } catch { /* none */ }
}

function each(act) {
  store((box) => {
    for (const key of Object.keys(box)) {
      const found = OWNED.exec(key);
      if (found) act(box, key, found[1]);
    }
  });
}

function read(box, key) {
  try { return JSON.parse(box.getItem(key)) || {}; } catch { return {}; }
}

/* Hidden fields (versions, counts of rows) keep what the server said. */
function fill(field, entries) {
  if (!field.name || ["hidden", "file", "password", "submit", "button"].includes(field.type)) return;
  const values = entries.filter(([name]) => name === field.name).map(([, value]) => value);
  if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
  else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
  else if (values.length) field.value = values[0];
}

/* Equal but for what the server writes otherwise (width of letters, thousands separators, blanks, hidden fields) and for
 * fields that are empty on one side and not there on the other. */
function sameContent(kept, present, fields) {
  const plain = (entries) => entries
    .filter(([name]) => fields[name]?.type !== "hidden")
    .map(([name, value]) => [name, value.normalize("NFKC").replace(/[,\s]/g, "")])
    .filter(([, value]) => value)
    .map((pair) => pair.join("="))
    .sort().join("\n");
  return plain(kept) === plain(present);
}

export function button(words, act, kind = "btn-outline-primary") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `btn btn-sm ${kind}`;
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

/* A device that stores nothing (private window, full) still saves to the server. */
export function store(act) {
  try { return act(localStorage); } catch { return null; }
}

export function clockTime() {
  return new Date().toLocaleTimeString("zh-TW", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}
