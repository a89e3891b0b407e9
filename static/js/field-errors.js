/* Errors at the fields of a form, as the server says them while somebody types: one that was mended goes at once, with its
 * line in the summary at the top of the page; a new one stands at its field.
 *
 * The marks are those that a whole page has: aria-invalid and is-invalid on the field, its sentence in an element
 * `<field id>_error` that aria-describedby names.
 */
import { offerDates } from "./date-ask.js";

const HELD = "invalid-feedback";

/* errors: {field name: [sentence, …]}; returns the fields that are wrong, in the order of the page. */
export function showErrors(form, errors) {
  const wrong = [];
  for (const [name, fields] of byName(form)) {
    const sentences = errors[name] || [];
    if (sentences.length) wrong.push(fields[0]);
    if (sentences.length || fields.some((field) => field.getAttribute("aria-invalid") === "true")) mark(fields, sentences);
  }
  tidySummary(form);
  offerDates(form);
  return wrong;
}

function byName(form) {
  const found = new Map();
  for (const field of form.elements) {
    if (!field.name || ["hidden", "submit", "button", "file"].includes(field.type)) continue;
    found.set(field.name, [...(found.get(field.name) || []), field]);
  }
  return found;
}

function mark(fields, sentences) {
  const wrong = sentences.length > 0;
  for (const field of fields) {
    field.classList.toggle("is-invalid", wrong);
    if (wrong) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
  const group = fields.length > 1 || fields[0].type === "checkbox" || fields[0].type === "radio";
  const id = group ? fields[0].id.replace(/_\d+$/, "") : fields[0].id;
  const place = document.getElementById(`${id}_error`);
  if (!wrong) {
    place?.remove();
    if (!group) describe(fields[0], `${id}_error`, false);
    return;
  }
  const message = place || document.createElement("div");
  message.id = `${id}_error`;
  message.className = HELD;
  delete message.dataset.dates;
  message.replaceChildren(...sentences.map((sentence) => {
    const line = document.createElement("p");
    const strong = document.createElement("strong");
    strong.textContent = sentence;
    line.append(strong);
    return line;
  }));
  if (!place) (group ? fields.at(-1).closest(".form-check") || fields.at(-1) : fields[0]).after(message);
  if (!group) describe(fields[0], message.id, true);
}

function describe(field, id, on) {
  const ids = new Set((field.getAttribute("aria-describedby") || "").split(" ").filter(Boolean));
  if (on) ids.add(id);
  else ids.delete(id);
  if (ids.size) field.setAttribute("aria-describedby", [...ids].join(" "));
  else field.removeAttribute("aria-describedby");
}

/* The summary keeps the lines whose field is still wrong; empty, it goes. */
function tidySummary(form) {
  const summary = document.querySelector("[data-error-summary]:not([data-conflicts])");
  if (!summary) return;
  for (const link of summary.querySelectorAll("a[href^='#']")) {
    const target = document.getElementById(link.hash.slice(1));
    if (!target || !form.contains(target)) continue;
    const wrong = target.matches("[aria-invalid=true]") || target.querySelector("[aria-invalid=true]");
    if (!wrong) link.closest("li").remove();
  }
  if (!summary.querySelector("li")) summary.remove();
}
