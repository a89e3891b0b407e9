/* Says what was chosen, refuses what is too big before it is sent, and makes phone photos smaller.
 *
 *   input[type=file][data-upload]   takes part
 *   data-max-bytes="20971520"       the limit; the help text beside the field says it too, for people without scripts
 *   data-shrink                     JPEG photos above 2 MB are drawn smaller (longest side 2400 pixels) before they are sent
 *
 * The server decides: it checks size and content again.
 */
const SHRINK_ABOVE = 2 * 1024 * 1024;
const LONGEST_SIDE = 2400;
const QUALITY = 0.85;

export function inWords(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

async function shrink(file) {
  if (file.type !== "image/jpeg" || file.size <= SHRINK_ABOVE) return file;
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file; // not a picture after all: the server says so in words
  }
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return blob && blob.size < file.size ? new File([blob], file.name, { type: "image/jpeg", lastModified: file.lastModified }) : file;
}

function describe(chosen, sent) {
  return sent.map((file, index) => {
    const before = chosen[index].size;
    const smaller = file.size < before ? `，已由 ${inWords(before)} 縮小` : "";
    return `${file.name}（${inWords(file.size)}${smaller}）`;
  }).join("、");
}

function stateOf(input) {
  let place = input.parentElement.querySelector("[data-upload-state]");
  if (!place) {
    place = document.createElement("p");
    place.className = "form-text";
    place.dataset.uploadState = "";
    place.setAttribute("role", "status");
    input.after(place);
  }
  return place;
}

async function chosen(input) {
  const place = stateOf(input);
  const files = [...input.files];
  input.setCustomValidity("");
  place.classList.remove("wrong");
  if (!files.length) { place.textContent = ""; return; }
  let sent = files;
  if ("shrink" in input.dataset) {
    place.textContent = "照片處理中…";
    sent = await Promise.all(files.map(shrink));
    if (sent.some((file, index) => file !== files[index])) {
      const box = new DataTransfer();
      sent.forEach((file) => box.items.add(file));
      input.files = box.files;
    }
  }
  const limit = Number(input.dataset.maxBytes || 0);
  const big = limit ? sent.filter((file) => file.size > limit) : [];
  if (big.length) {
    const words = `${big.map((file) => `${file.name}（${inWords(file.size)}）`).join("、")} 超過 ${inWords(limit)}，請換小一點的檔案。`;
    input.setCustomValidity(words);
    place.classList.add("wrong");
    place.textContent = words;
    return;
  }
  place.textContent = `已選：${describe(files, sent)}`;
}

// On the document, so that rows added later take part as well.
document.addEventListener("change", (event) => {
  if (event.target.matches?.("input[type=file][data-upload]")) chosen(event.target);
});
