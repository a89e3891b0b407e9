/* The left square code of an e-invoice (電子發票證明聯) is read from the chosen photo on this device, before it is sent.
 *
 *   form[data-code-reader="…"][data-code-wasm="…"]   takes part: where zxing-wasm lies; both are fetched with the first photo
 *   input[name=code]                                 takes what was read; the server reads the fields from it. Without such a
 *                                                    field the form is that of the voucher, and takes the fields
 *
 * Without this script, without WebAssembly, or where somebody saves data, the server reads the photo instead. What the code
 * says is shown before it is saved, like everything typed. Heard before: upload:chosen (upload.js), detail.files.
 */
const TEXT = {
  reading: "看看照片上有沒有發票的 QR 碼…",
  read: (found) => `發票上的 QR 碼讀到了：${found.number}，${found.day}，${found.total.toLocaleString("zh-TW")} 元。請對照單據。`,
  none: "照片上沒有讀到發票的 QR 碼。是電子發票的話，可以靠近一點再拍；不是就不用管。",
};
const LONGEST_SIDE = 2400;
/* Number 10, ROC day 7, random 4, sales 8 and total 8 (hexadecimal), buyer 8, seller 8, 24 more: lib/invoice_codes.py. */
const LEFT = /^([A-Z]{2}[0-9]{8})([0-9]{3})([0-9]{2})([0-9]{2})[0-9]{4}[0-9A-Fa-f]{8}([0-9A-Fa-f]{8})([0-9]{8})([0-9]{8}).{24}/;
let loading;

/* What a left code says, null for any other text. */
export function fieldsOf(text) {
  const found = LEFT.exec(text);
  if (!found) return null;
  const [, number, year, month, day, total, buyer, seller] = found;
  return { text, number, day: `${Number(year)}/${Number(month)}/${Number(day)}`, total: parseInt(total, 16), buyer, seller };
}

/* Resolves to what the photo's left code says, null without one. */
export async function readCode(form, file) {
  if (!("WebAssembly" in window) || navigator.connection?.saveData) return null;
  const reader = await load(form);
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  for (const side of [LONGEST_SIDE, LONGEST_SIDE / 2]) {
    const codes = await reader.readBarcodes(pixels(picture, side), { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 6 });
    const found = codes.map((code) => fieldsOf(code.text)).find(Boolean);
    if (found) return found;
  }
  return null;
}

function pixels(picture, side) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

function load(form) {
  loading ||= new Promise((done, failed) => {
    const script = Object.assign(document.createElement("script"), { src: form.dataset.codeReader });
    script.addEventListener("error", () => { loading = null; failed(new Error("no reader")); });
    script.addEventListener("load", () => {
      window.ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => form.dataset.codeWasm } });
      done(window.ZXingWASM);
    });
    document.head.append(script);
  });
  return loading;
}

/* The line below the field that says what was read. */
function say(input, words) {
  const beside = input.closest(".upload, div") || input.parentElement;
  let place = beside.querySelector("[data-code-state]");
  if (!place) {
    place = document.createElement("p");
    place.dataset.codeState = "";
    place.setAttribute("role", "status");
    beside.append(place);
  }
  place.textContent = words;
}

document.addEventListener("upload:chosen", async (event) => {
  const input = event.target;
  const form = input.form;
  const code = form?.elements.code;
  const [photo] = event.detail.files;
  if (!form?.dataset.codeReader || !photo?.type.startsWith("image/")) return;
  if (code) code.value = "";
  say(input, TEXT.reading);
  let found = null;
  try {
    found = await readCode(form, photo);
  } catch {
    say(input, ""); // the server looks as well
    return;
  }
  say(input, found ? TEXT.read(found) : TEXT.none);
  if (!found) return;
  if (code) code.value = found.text.slice(0, 200);
  else fill(form, found);
});

/* The form of the voucher itself takes what the code says, where nothing was typed yet. */
function fill(form, found) {
  const values = { number: found.number, issued_on: found.day, amount: found.total.toLocaleString("zh-TW"), payee_tax_id: found.seller };
  for (const [name, value] of Object.entries(values)) if (!form.elements[name].value) form.elements[name].value = value;
  const own = found.buyer === form.dataset.ownTaxId;
  for (const choice of [["kind", "e_invoice"], ["title", own ? "own" : "other"]]) {
    const [name, value] = choice;
    if (!form.querySelector(`[name=${name}]:checked`)) form.querySelector(`[name=${name}][value=${value}]`).checked = true;
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}
