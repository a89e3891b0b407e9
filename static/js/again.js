/* 自己算一次: the limits of an award, reckoned again on this device and compared with what was published.
 *
 *   [data-again][data-python="…"][data-engine="…"][data-facts="…"]   takes part: where Python, the law's programs and the facts lie
 *   [data-again-offer]    holds the button; hidden where scripts do not run
 *   [data-again-state]    says what is being done, and the result
 *   [data-line] [data-again-line]   takes the result of a line
 *
 * Nothing is fetched before the button is pressed, and nothing is sent anywhere.
 */
const TEXT = {
  python: "正在下載計算程式，第一次要等一下…",
  reckoning: "正在您的裝置上計算…",
  same: (count) => `重算完成：${count} 項的上限，和公布的完全相同。`,
  differs: (count) => `重算完成：有 ${count} 項和公布的不同，請把這一頁的網址告訴縣府。`,
  failed: "沒有算成。可能是網路斷了，或瀏覽器太舊。請再按一次。",
  line: (figure) => `相同：${figure.toLocaleString("zh-TW")} 元`,
  other: (figure) => `不同：重算是 ${figure.toLocaleString("zh-TW")} 元`,
  none: "不同：重算沒有上限",
};
const RECKON = "import json\nfrom grants.rules.again import again\njson.dumps(again(json.loads(document)))";
let python;

/* The Python of this page; nothing before the button was pressed. */
export const device = () => python;

async function started(part) {
  const { loadPyodide } = await import(part.dataset.python);
  const [engine, made] = await Promise.all([
    fetch(part.dataset.engine).then((answer) => answer.arrayBuffer()),
    loadPyodide({ indexURL: new URL(".", new URL(part.dataset.python, location)).href }),
  ]);
  made.unpackArchive(engine, "zip", { extractDir: "/engine" });
  made.runPython("import sys; sys.path.insert(0, '/engine')");
  return made;
}

/* Resolves to [what was published, what this device reckons]. */
async function reckon(part, say) {
  const answer = await fetch(part.dataset.facts);
  const text = await answer.text();
  say(TEXT.python);
  python ||= await started(part);
  say(TEXT.reckoning);
  python.globals.set("document", text);
  return [JSON.parse(text).published, JSON.parse(python.runPython(RECKON))];
}

const lowest = (limits) => Math.min(...limits.map((limit) => limit.allowed));
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/* Writes the result of each line; returns how many agree and how many differ. */
function compare(published, mine) {
  let [agree, differ] = [0, 0];
  for (const [line, limits] of Object.entries(published.lines)) {
    const here = mine.lines[line];
    const cell = document.querySelector(`[data-line="${CSS.escape(line)}"] [data-again-line]`);
    if (same(limits, here)) {
      agree += 1;
      cell.textContent = TEXT.line(lowest(here));
    } else {
      differ += 1;
      cell.textContent = here ? TEXT.other(lowest(here)) : TEXT.none;
    }
  }
  if (!same(published.shares, mine.shares) || published.ruleset !== mine.ruleset) differ += 1;
  return [agree, differ];
}

for (const part of document.querySelectorAll("[data-again]")) {
  const [offer, state] = [part.querySelector("[data-again-offer]"), part.querySelector("[data-again-state]")];
  const button = offer.querySelector("button");
  const say = (words) => { state.textContent = words; };
  offer.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const [agree, differ] = compare(...(await reckon(part, say)));
      say(differ ? TEXT.differs(differ) : TEXT.same(agree));
    } catch (problem) {
      console.error(problem);
      say(TEXT.failed);
    } finally {
      button.disabled = false;
    }
  });
}
