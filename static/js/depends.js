/* Questions that are asked only after a yes: [data-depends="<name of the yes/no field>"] is hidden until the answer is yes. What was
 * written in it stays in the form. Without scripts the question stands there, and the server leaves it out after a no.
 */
function show(question) {
  const field = document.querySelector(`[name="${CSS.escape(question.dataset.depends)}"]`);
  if (field) question.hidden = field.value !== "true" && !question.querySelector("[aria-invalid=true]");
}

const questions = document.querySelectorAll("[data-depends]");
questions.forEach(show);
document.addEventListener("change", () => questions.forEach(show));
