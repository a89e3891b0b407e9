/* The vouchers and rosters that wait on this device, by their keys, in the browser's database (waiting-vouchers.js). */
const NAME = "vouchers";

function database() {
  return new Promise((done, failed) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("waiting", { keyPath: "key" });
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => failed(opening.error);
  });
}

async function box(mode, act) {
  const db = await database();
  try {
    return await new Promise((done, failed) => {
      const moving = db.transaction("waiting", mode);
      const asked = act(moving.objectStore("waiting"));
      moving.oncomplete = () => done(asked.result);
      moving.onabort = () => failed(moving.error);
    });
  } finally {
    db.close();
  }
}

export const put = (entry) => box("readwrite", (store) => store.put(entry));
export const drop = (key) => box("readwrite", (store) => store.delete(key));
export const get = (key) => box("readonly", (store) => store.get(key));
export const everything = () => box("readonly", (store) => store.getAll());
export const empty = () => box("readwrite", (store) => store.clear());

/* Whether there is such a database: asking for its rows would make one. */
export async function isThere() {
  try { return (await indexedDB.databases()).some((one) => one.name === NAME); } catch { return "indexedDB" in globalThis; }
}
