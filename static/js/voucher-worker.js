/* The pages of a voucher and of a roster open without a net: registered by waiting-vouchers.js, which also keeps them here.
 *
 * Everything comes from the net as long as there is one. Without it a roster's page is answered with its kept one, and any
 * other page of a case's vouchers with the kept page of a voucher; style sheets and scripts with the copies of the last visit. Nothing else of the portal is touched.
 */
const PAGES = "entry-pages";
const FILES = "entry-files";
const VOUCHERS = /^\/settlements\/([^/]+)\/(?:vouchers\/(?:new\/|add\/)?|rosters\/\d+\/add\/)$/;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  const found = request.mode === "navigate" && VOUCHERS.exec(url.pathname);
  if (found) event.respondWith(fetch(request).catch(() => keptPage(url.pathname, found[1])));
  else if (request.method === "GET" && (url.pathname.startsWith("/static/") || ["style", "script"].includes(request.destination))) {
    event.respondWith(fresh(request));
  }
});

async function keptPage(path, number) {
  const pages = await caches.open(PAGES);
  return (await pages.match(path)) || (await pages.match(`/settlements/${number}/vouchers/add/`)) || Response.error();
}

async function fresh(request) {
  const files = await caches.open(FILES);
  try {
    const answer = await fetch(request);
    if (answer.ok) await files.put(request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await files.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}
