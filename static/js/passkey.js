/* Says in words that a device did not make or give a passkey; django-allauth's script only reports it.
 *
 *   #passkey-trouble     the hidden line that is shown then
 *   [data-passkey]       a hidden button that is shown once it would do something: where the browser knows passkeys
 *                        and the script that answers it is there (pressed earlier, it would send an empty form)
 */
const trouble = document.getElementById("passkey-trouble");

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  if (trouble) trouble.hidden = false;
});
document.addEventListener("DOMContentLoaded", () => {
  if (!("PublicKeyCredential" in window)) return;
  for (const button of document.querySelectorAll("[data-passkey]")) button.hidden = false;
});
