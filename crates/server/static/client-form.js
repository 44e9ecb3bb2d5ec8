// The form of a client: rows on demand, and a tree of scopes that can be searched. Without this script all is shown.

const tree = document.getElementById("scope-tree");
const search = document.getElementById("scope-search");
const choices = [...tree.querySelectorAll(".scope-choice")];
const box = (choice) => choice.querySelector("input");
const boxes = new Map(choices.map((choice) => [box(choice).value, box(choice)]));
const opened = [...tree.querySelectorAll("details")].filter((details) => details.open);
let shown = "all";

/** Whether a scope above this one is chosen, which includes it. */
function isIncluded(choice) {
  for (let at = choice; at?.dataset.parent; ) {
    const parent = boxes.get(at.dataset.parent);
    if (parent?.checked) return true;
    at = parent?.closest(".scope-choice");
  }
  return false;
}

function mark() {
  for (const choice of choices) {
    const included = isIncluded(choice);
    choice.classList.toggle("included", included);
    const note = choice.querySelector(".scope-note");
    if (included && !note) {
      const text = document.createElement("span");
      text.className = "scope-note small muted";
      text.textContent = tree.dataset.included;
      choice.querySelector("label").append(" ", text);
    } else if (!included) {
      note?.remove();
    }
  }
  document.getElementById("scopes-count").textContent = [...boxes.values()].filter((box) => box.checked).length;
}

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const narrowed = words.length > 0 || shown === "selected";
  let found = 0;
  for (const choice of choices) {
    const text = choice.textContent.toLowerCase();
    const fits = words.every((word) => text.includes(word)) && (shown === "all" || box(choice).checked);
    choice.hidden = !fits;
    found += fits ? 1 : 0;
  }
  for (const part of tree.querySelectorAll("details, .scope-section")) {
    const empty = !part.querySelector(".scope-choice:not([hidden])");
    part.hidden = empty;
    if (part.matches("details")) part.open = narrowed ? !empty : opened.includes(part);
  }
  document.getElementById("scopes-none").hidden = found > 0;
}

tree.addEventListener("change", mark);
search.addEventListener("input", filter);
// Enter in the search must not send the form.
search.addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault();
});
document.addEventListener("click", (event) => {
  const segment = event.target.closest("[data-scopes]");
  if (segment) {
    shown = segment.dataset.scopes;
    for (const other of document.querySelectorAll("[data-scopes]")) other.ariaPressed = String(other === segment);
    filter();
  }
  const adder = event.target.closest("[data-add]");
  if (adder) {
    const spare = document.getElementById(adder.dataset.add).querySelector(".spare");
    spare?.classList.remove("spare");
    spare?.querySelector("input").focus();
    adder.disabled = !document.getElementById(adder.dataset.add).querySelector(".spare");
  }
});
for (const adder of document.querySelectorAll("[data-add]")) {
  adder.disabled = !document.getElementById(adder.dataset.add).querySelector(".spare");
}
mark();
