/* Focus and double submits; on every page, and nothing depends on it.
 *
 *   [data-error-summary]     gets the focus when the page comes or when htmx or a script puts it in
 *   form[method=post]        a second submit within 10 seconds is ignored; opt out with data-resubmit
 *   button[data-busy="…"]    shows these words while its form is on its way
 *   .invalid-feedback        that asks 是99年7月1日嗎？ gets a button for each date it names (date-ask.js)
 */
import { offerDates } from "./date-ask.js";

const HOLD_MS = 10_000;

export function focusErrors(root = document) {
  const summary = root.querySelector("[data-error-summary]");
  if (summary) summary.focus();
}

function release(form) {
  delete form.dataset.submitted;
  for (const button of form.querySelectorAll("[aria-disabled=true][data-held]")) {
    button.removeAttribute("aria-disabled");
    delete button.dataset.held;
    if (button.dataset.words) button.textContent = button.dataset.words;
  }
}

function hold(form, button) {
  form.dataset.submitted = "yes";
  if (button) {
    // aria-disabled, not disabled: a disabled button would not send its name and value.
    button.setAttribute("aria-disabled", "true");
    button.dataset.held = "yes";
    if (button.dataset.busy) {
      button.dataset.words = button.textContent;
      button.textContent = button.dataset.busy;
    }
  }
  // A download or a refused navigation leaves the page in place: the form must come alive again.
  setTimeout(() => release(form), HOLD_MS);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || "resubmit" in form.dataset || event.defaultPrevented) return;
  if (form.dataset.submitted) event.preventDefault();
  else hold(form, event.submitter);
});

// The link of an error leads to a group of choices: the first one takes the focus.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-error-summary] a[href^='#']");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  const field = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
  target.scrollIntoView({ block: "center" });
  (field || target).focus({ preventScroll: true });
});

// Back from the next page: the browser may show this one as it was left.
addEventListener("pageshow", () => document.querySelectorAll("form[data-submitted]").forEach(release));
document.addEventListener("htmx:afterSwap", (event) => focusErrors(event.target));
focusErrors();
offerDates();
