// Heads of a table that can be dragged to another place; the order is sent as the form of columns sends it.

let dragged = null;

function table() {
  return document.querySelector("table[data-columns]");
}

function heads() {
  return [...(table()?.querySelectorAll("th[data-column]") ?? [])];
}

function prepare() {
  for (const head of heads()) head.draggable = true;
}

/** Moves a column, with its cells, before or after another. */
function move(from, to, after) {
  const row = from.parentElement;
  const [a, b] = [from, to].map((head) => [...row.children].indexOf(head));
  for (const tr of table().rows) {
    const [cell, beside] = [tr.cells[a], tr.cells[b]];
    if (after) beside.after(cell);
    else beside.before(cell);
  }
}

async function save() {
  const form = document.querySelector("#columns form");
  const order = heads().map((head) => head.dataset.column);
  const body = new URLSearchParams([["csrf", form.elements.csrf.value], ["quiet", "1"], ...order.map((word) => ["column", word])]);
  const answer = await fetch(table().dataset.columns, { method: "POST", body }).catch(() => undefined);
  if (!answer?.ok) return document.dispatchEvent(new CustomEvent("console:failed"));
  const list = form.querySelector(".column-list");
  for (const word of [...order].reverse()) list.prepend(document.getElementById(`column-${word}`).closest("li"));
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("th[data-column]") ?? null;
  if (dragged) event.dataTransfer.effectAllowed = "move";
});

document.addEventListener("dragover", (event) => {
  if (dragged && event.target.closest?.("th[data-column]")) event.preventDefault();
});

document.addEventListener("drop", async (event) => {
  const over = event.target.closest?.("th[data-column]");
  if (!dragged || !over || over === dragged) return;
  event.preventDefault();
  const box = over.getBoundingClientRect();
  move(dragged, over, event.clientX > box.left + box.width / 2);
  dragged = null;
  await save();
});

document.addEventListener("htmx:afterSwap", prepare);
prepare();
