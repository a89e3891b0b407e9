/* 顯示密碼 beside each password field: what was typed can be looked at, and is hidden again when the form is sent.
 *
 *   input[type=password]     gets a button after it; without this script nothing is missing
 */
const SHOW = "顯示密碼";
const HIDE = "隱藏密碼";

function offer(input) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-link show-password";
  button.setAttribute("aria-controls", input.id);
  button.setAttribute("aria-pressed", "false");
  button.textContent = SHOW;
  const set = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? HIDE : SHOW;
    button.setAttribute("aria-pressed", String(shown));
  };
  button.addEventListener("click", () => set(input.type === "password"));
  // A browser keeps what stands in a text field; a password is never one when it leaves.
  input.form?.addEventListener("submit", () => set(false));
  input.insertAdjacentElement("afterend", button);
}

document.querySelectorAll("input[type=password]").forEach(offer);
