/* A date that lacks its year, or can be read in two ways, is asked back by the server (lib/roc_date.py): one press puts the date
 * that was meant into the field. Without scripts the sentence alone says what to type.
 */
const ASKED = /是((?:\d+年\d+月\d+日、?)+)(?:嗎|的哪一天)？/;

export function offerDates(root = document) {
  for (const place of root.querySelectorAll(".invalid-feedback:not([data-dates])")) {
    const asked = place.textContent.match(ASKED);
    const field = asked && document.querySelector(`[aria-describedby~="${CSS.escape(place.id)}"]`);
    if (!field) continue;
    place.dataset.dates = "";
    for (const day of asked[1].split("、").filter(Boolean)) place.append(offer(field, day), " ");
  }
}

function offer(field, day) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm btn-outline-primary";
  button.textContent = `是 ${day}`;
  button.addEventListener("click", () => {
    field.value = day.replace(/[年月]/g, "/").replace("日", "");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  return button;
}
