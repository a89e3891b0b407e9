/* Says in words that a device did not make or give a passkey; django-allauth's script only reports it.
 *
 *   #passkey-trouble     the hidden line that is shown then
 *   [data-passkey]       a button that is of no use where the browser knows no passkeys
 */
const trouble = document.getElementById("passkey-trouble");

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  if (trouble) trouble.hidden = false;
});
if (!("PublicKeyCredential" in window)) {
  for (const button of document.querySelectorAll("[data-passkey]")) button.hidden = true;
}
