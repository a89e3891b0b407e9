/* What was typed into a form, kept on this device until it has arrived, and offered again at the next visit.
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
const KEEP_DAYS = 14;

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
    store((box) => box.setItem(this.key, JSON.stringify({ at: Date.now(), posted, entries: entriesOf(this.form) })));
  }

  drop() {
    this.checkOffer();
    store((box) => box.removeItem(this.key));
  }

  offer() {
    const copy = JSON.parse(store((box) => box.getItem(this.key)) || "null");
    if (!copy) return;
    const old = Date.now() - copy.at > KEEP_DAYS * 86_400_000;
    if (old || this.took(copy)) { this.drop(); return; }
    const entries = copy.entries.filter(([name]) => this.only(name));
    const nothing = !entries.some(([name]) => this.form.elements[name]?.type !== "hidden");
    if (nothing) { this.drop(); return; }
    if (sameContent(entries, entriesOf(this.form), this.form.elements)) {
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
    if (!this.offered || !sameContent(this.offered.entries, entriesOf(this.form), this.form.elements)) return;
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
