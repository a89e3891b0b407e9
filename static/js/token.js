/* Signing in again in another tab changed the token: the page's forms take the new one. Resolves to false where the session
 * has ended.
 */
export async function renewToken() {
  const response = await fetch(location.href, { credentials: "same-origin" });
  if (response.redirected || response.status === 401) return false;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const token = page.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  if (token) for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
  return true;
}

/* Whether the server answers: a phone often says that it has a net when it has none. */
export async function reachable() {
  if (!navigator.onLine) return false;
  try {
    await fetch("/livez", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(5000) });
    return true;
  } catch {
    return false;
  }
}
