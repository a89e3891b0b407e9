/* Papers beside what is checked; nothing depends on it.
 *
 *   [data-pane]              plan, budget and papers; its parts have data-place, its pages are shown there
 *   form[data-bench]         what is checked: rows with data-place lead the pane to their place when they get the focus. A
 *                            part that came into view is sent as `seen`, so that 看過的都符合 knows it. Without this script
 *                            the whole page is in view, and a paper counts once its file was opened.
 *   [data-leads="#asked-7"]  a row of figures leads the pane to what was asked for and marks it there
 */
import { store } from "./copies.js";

const pane = document.querySelector("[data-pane]");
const form = document.querySelector("form[data-bench]");
const kept = `seen:${location.pathname}:${form?.dataset.bench}`;
const wide = () => getComputedStyle(pane).overflowY === "auto";
const partsOf = (place) => [...pane.querySelectorAll("[data-place]")].filter((part) => part.dataset.place === place);

function mark(place) {
  if (partsOf(place).some((part) => !("seen" in part.dataset))) return;
  if (form.querySelector(`input[name=seen][value="${CSS.escape(place)}"]`)) return;
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "seen", value: place }));
  for (const row of form.querySelectorAll("[data-place]")) if (row.dataset.place === place) row.dataset.seen = "";
  const all = [...form.querySelectorAll("input[name=seen]")].map((input) => input.value);
  store(() => sessionStorage.setItem(kept, JSON.stringify(all)));
}

/* Whether enough of a part is in view: the half of it, or the half of what the pane shows. */
function inView(entry) {
  return entry.intersectionRect.height >= Math.min(entry.boundingClientRect.height, entry.rootBounds.height) / 2;
}

function lead(part) {
  if (!part || !wide()) return;
  pane.scrollTop += part.getBoundingClientRect().top - pane.getBoundingClientRect().top - 48;
}

if (pane) {
  let marked = null;
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-leads]");
    const part = row && pane.querySelector(row.dataset.leads);
    if (!part || part === marked) return;
    delete marked?.dataset.here;
    part.dataset.here = "";
    marked = part;
    lead(part);
  });
}

if (pane && form) {
  for (const input of form.querySelectorAll("input[name=seen]")) input.remove();
  for (const place of JSON.parse(store(() => sessionStorage.getItem(kept)) || "[]")) {
    for (const part of partsOf(place)) part.dataset.seen = "";
    mark(place);
  }
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting || !inView(entry)) continue;
      entry.target.dataset.seen = "";
      mark(entry.target.dataset.place);
    }
  }, { root: wide() ? pane : null, threshold: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1] });
  for (const part of pane.querySelectorAll("[data-place]")) watch.observe(part);
  let here = null;
  form.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-place]");
    if (row && row !== here) lead(partsOf(row.dataset.place)[0]);
    here = row;
  });
  form.addEventListener("change", (event) => {
    if (!event.target.matches("input[type=radio][value=refused]")) return;
    // What is not met needs its sentence; at once, because the next key may be its first letter.
    event.target.closest("fieldset").querySelector("input.form-control").focus();
  });
}
