/* Pieces of a page that the server sends anew, while somebody types beside them.
 *
 * A piece that reads as it did is left alone. One in which somebody types is put in when they leave it; where a link or a
 * button of it has the focus, it is put in at once and the focus stays at its counterpart. What was typed into a piece and
 * is not yet in the server's answer (a reason) stays, and so does what the person opened.
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
      if (part.contains(document.activeElement) && isTyping(document.activeElement)) this.waiting.set(id, html);
      else this.put(part, html);
    }
  }

  put(part, html) {
    const typed = new Map([...part.querySelectorAll("input[type=text], input:not([type]), textarea")].map((field) => [field.name, field.value]));
    const open = [...part.querySelectorAll("details[open][data-key]")].map((one) => one.dataset.key);
    const focused = part.contains(document.activeElement) ? signOf(document.activeElement) : null;
    this.shown.set(part.id, html);
    part.innerHTML = html;
    for (const field of part.querySelectorAll("[name]")) if (typed.has(field.name)) field.value = typed.get(field.name);
    for (const one of part.querySelectorAll("details[data-key]")) if (open.includes(one.dataset.key)) one.open = true;
    if (focused === null) return;
    const next = [...part.querySelectorAll("a, button, summary")].find((one) => signOf(one) === focused) || part;
    if (next === part) part.tabIndex = -1;
    next.focus({ preventScroll: true });
  }
}

function isTyping(element) { return element.matches("input, textarea, select"); }

function signOf(element) { return `${element.tagName} ${element.getAttribute("href") || element.value || element.textContent.trim()}`; }
