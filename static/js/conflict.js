/* Fields that were changed on this page and elsewhere (partials/conflicts.html): the person chooses field by field, and the
 * choice is in the field at once. Until all are chosen nothing is saved.
 */
export class Conflict {
  constructor(form, chosen) {
    this.form = form;
    this.chosen = chosen;
    form.addEventListener("change", (event) => { if (event.target.name?.startsWith("conflict:")) this.choose(); });
  }

  get panel() { return this.form.querySelector("[data-conflicts]"); }

  ask(html) {
    this.panel?.remove();
    const box = document.createElement("div");
    box.innerHTML = html;
    this.form.prepend(box.firstElementChild);
    this.panel.focus();
  }

  choose() {
    const rows = [...this.panel.querySelectorAll("[data-conflict]")];
    if (!rows.every((row) => row.querySelector("input:checked"))) return;
    for (const row of rows) {
      if (row.querySelector("input:checked").value !== "stored") continue;
      setValues(this.form, row.dataset.conflict, [...row.querySelectorAll("[data-stored]")].map((input) => input.value));
    }
    const first = [...this.form.elements].find((field) => field.name === rows[0].dataset.conflict && field.type !== "hidden");
    this.panel.remove();
    first?.focus();
    this.chosen();
  }
}

/* Put values into all fields of a name, as the server would have. */
export function setValues(form, name, values) {
  for (const field of form.elements) {
    if (field.name !== name || ["submit", "button", "file", "password"].includes(field.type)) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
    else field.value = values[0] ?? "";
  }
}
