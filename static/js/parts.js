/* Pieces of a page that the server sends anew, while somebody types beside them.
 *
 * A piece that reads as it did is left alone. The one that the person is in is put in when they leave it. What was typed
 * into a piece and is not yet in the server's answer (a reason) stays.
 */
export class Parts {
  constructor() {
    this.shown = new Map();
    this.waiting = new Map();
    document.addEventListener("focusout", () => setTimeout(() => {
      const held = Object.fromEntries(this.waiting);
      this.waiting.clear();
      this.replace(held);
    }));
  }

  /* {id: HTML of the inside} */
  replace(parts) {
    for (const [id, html] of Object.entries(parts)) {
      const part = document.getElementById(id);
      this.waiting.delete(id);
      if (!part || this.shown.get(id) === html) continue;
      if (part.contains(document.activeElement)) this.waiting.set(id, html);
      else this.put(part, html);
    }
  }

  put(part, html) {
    const typed = new Map([...part.querySelectorAll("input[type=text], input:not([type]), textarea")].map((field) => [field.name, field.value]));
    this.shown.set(part.id, html);
    part.innerHTML = html;
    for (const field of part.querySelectorAll("[name]")) if (typed.has(field.name)) field.value = typed.get(field.name);
  }
}
