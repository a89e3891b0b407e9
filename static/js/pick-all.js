/* [data-pick-all="<name>"]: two buttons that tick all boxes of this name that belong to the form, or none, and how many are
 * ticked; where the boxes have a data-amount, also what the ticked ones come to. Without scripts it stays hidden, and each box is ticked by hand.
 */
for (const row of document.querySelectorAll("[data-pick-all]")) {
  const form = row.closest("form");
  const boxes = [...form.elements].filter((one) => one.type === "checkbox" && one.name === row.dataset.pickAll);
  const [all, none] = row.querySelectorAll("button");
  const count = row.querySelector("[role=status]");
  const amounts = boxes.some((box) => box.dataset.amount);
  const sum = () => boxes.reduce((total, box) => total + (box.checked ? Number(box.dataset.amount) : 0), 0);
  const say = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    count.textContent = `已勾選 ${ticked} 件${amounts ? `，共 ${sum().toLocaleString("en")} 元` : ""}`;
    // A button that would change nothing looks so; it keeps the focus of whoever has just pressed it.
    for (const [button, done] of [[all, ticked === boxes.length], [none, ticked === 0]]) {
      button.classList.toggle("disabled", done);
      button.setAttribute("aria-disabled", String(done));
    }
  };
  const tick = (checked) => { for (const box of boxes) box.checked = checked; say(); };
  all.addEventListener("click", () => tick(true));
  none.addEventListener("click", () => tick(false));
  for (const box of boxes) box.addEventListener("change", say);
  addEventListener("pageshow", say);
  row.hidden = false;
  say();
}
