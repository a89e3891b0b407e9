/* [data-pick-all="<name>"]: two buttons that tick all boxes of this name that belong to the form, or none, and how many are
 * ticked. Without scripts it stays hidden, and each box is ticked by hand.
 */
for (const row of document.querySelectorAll("[data-pick-all]")) {
  const form = row.closest("form");
  const boxes = [...form.elements].filter((one) => one.type === "checkbox" && one.name === row.dataset.pickAll);
  const [all, none] = row.querySelectorAll("button");
  const count = row.querySelector("[role=status]");
  const say = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    count.textContent = `已勾選 ${ticked} 件`;
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
