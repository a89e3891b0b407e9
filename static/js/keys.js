/* Keys for people who work in a page all day; nothing depends on them. What a page offers stands in its attributes:
 *
 *   [data-key="n"]           the key presses this link or button, ticks this box or radio, or goes to this field; several keys
 *                            are written with blanks between them. `data-key-label` says in the help what the key does.
 *   [data-key-rows]          j and k go through its rows: the children, or what the attribute selects. Enter opens the first
 *                            link of the row, or the one marked [data-key-open]; x ticks its first box. A [data-key] inside
 *                            a row is meant for the row where one is.
 *   [data-keys-help]         the <dialog> that ? and [data-keys-open] show (partials/keys.html, on every page of staff); its
 *                            [data-keys-list] is filled here, and its box turns the keys off on this device.
 *
 * Keys are quiet while somebody types, and with Ctrl, Alt or Command.
 */

const help = document.querySelector("[data-keys-help]");
// A cookie: signing out empties what else lies on the device.
const off = `${location.protocol === "https:" ? "__Host-" : ""}keys-off-${document.body.dataset.person}=yes`;
const isOff = () => document.cookie.split("; ").includes(off);
const list = document.querySelector("[data-key-rows]");

const typing = (at) => at.matches("select, textarea, input:not([type=checkbox], [type=radio], [type=button], [type=submit])") || at.isContentEditable;
const visible = (one) => one.checkVisibility();
const rows = () => [...list.querySelectorAll(list.dataset.keyRows || ":scope > *")].filter(visible);
const rowOf = (one) => list && one.closest && rows().find((row) => row.contains(one));
const boxOf = (row) => row.querySelector("input[type=checkbox]");

function step(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(rowOf(document.activeElement) ?? list.querySelector("[data-here]"));
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  for (const row of all) delete row.dataset.here;
  next.dataset.here = "";
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

/* What a key means here: in the row where one is, else on the page outside all rows. */
function meant(key, row) {
  const found = [...document.querySelectorAll("[data-key]")].filter((one) => one.dataset.key.split(" ").includes(key) && visible(one));
  return found.find((one) => row?.contains(one)) ?? found.find((one) => !rowOf(one));
}

function act(one) {
  const before = document.activeElement;
  if (one.matches("a, button, summary, input[type=checkbox], input[type=radio]")) one.click();
  // A page may lead on to another field when one is ticked.
  if (!one.matches("a, button, summary") && document.activeElement === before) one.focus();
  if (one.matches("input:not([type=checkbox], [type=radio])")) one.select();
}

function onRow(key, row) {
  if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
  else if (key === "x" && row && boxOf(row)) boxOf(row).click();
  // A link or a button that has the focus opens itself.
  else if (key === "Enter" && row === document.activeElement) (row.querySelector("[data-key-open]") ?? row.querySelector("a[href]"))?.click();
  else return false;
  return true;
}

function tell() {
  const known = new Map([["?", "看快速鍵"]]);
  if (list) {
    known.set("j", "下一列").set("k", "上一列").set("Enter", "打開這一列");
    if (rows().some(boxOf)) known.set("x", "勾選這一列");
  }
  for (const one of document.querySelectorAll("[data-key]")) {
    for (const key of one.dataset.key.split(" ")) known.set(key, one.dataset.keyLabel || one.getAttribute("aria-label") || one.textContent.trim());
  }
  help.querySelector("[data-keys-list]").replaceChildren(...[...known].map(([key, words]) => {
    const row = document.createElement("tr");
    row.insertCell().append(Object.assign(document.createElement("kbd"), { textContent: key }));
    row.insertCell().textContent = words;
    return row;
  }));
  help.showModal();
}

function press(event) {
  const at = event.target;
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
  if (typing(at)) return;
  // A link or a button that has the focus does its own work.
  if (event.key === "Enter" && at.matches("a, button, summary")) return;
  if (help?.open || isOff()) return;
  const row = rowOf(document.activeElement);
  const one = meant(event.key, row);
  if (one) act(one);
  else if (event.key === "?" && help) tell();
  else if (!list || !onRow(event.key, row)) return;
  event.preventDefault();
}

document.addEventListener("keydown", press);
if (help) {
  const box = help.querySelector("input[type=checkbox]");
  box.checked = !isOff();
  box.addEventListener("change", () => {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `${off}; path=/; samesite=lax; max-age=${box.checked ? 0 : 31_536_000}${secure}`;
  });
  for (const button of document.querySelectorAll("[data-keys-open]")) {
    button.hidden = false;
    button.addEventListener("click", tell);
  }
}
