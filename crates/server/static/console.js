// The console's enhancement: every page works without it. No state is kept here but what is on the page.

const language = document.documentElement.lang;
const exact = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "long" });
const short = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

/** Times in the reader's zone: exact ones are written, relative ones tell the instant on hover. */
function localTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.valueOf())) continue;
    time.title = exact.format(at);
    if (time.hasAttribute("data-exact")) time.textContent = short.format(at);
  }
}

/** What only a script can do is hidden until there is one. */
function reveal(root) {
  for (const hidden of root.querySelectorAll("[data-copy][hidden], [data-move][hidden], [data-script][hidden]")) {
    hidden.hidden = false;
  }
}

function say(text) {
  const notice = document.getElementById("notice");
  const line = document.createElement("p");
  line.className = "sr";
  line.textContent = text;
  notice.append(line);
  setTimeout(() => line.remove(), 3000);
}

async function copy(button) {
  const value = button.dataset.copy || document.getElementById(button.dataset.copyFrom)?.textContent || "";
  await navigator.clipboard.writeText(value);
  button.classList.add("copied");
  say(button.dataset.copied);
  setTimeout(() => button.classList.remove("copied"), 1500);
}

/** Menus close by Escape, by a click elsewhere, and when their focus leaves. */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

/** A menu in a table that scrolls is put beside its button, over everything else. */
function placeMenu(menu) {
  const sheet = menu.querySelector(".menu-sheet");
  const button = menu.querySelector("summary").getBoundingClientRect();
  const below = window.innerHeight - button.bottom;
  const height = sheet.offsetHeight;
  const top = below < height + 12 && button.top > height ? button.top - height - 4 : button.bottom + 4;
  sheet.style.setProperty("top", `${Math.max(8, top)}px`);
  sheet.style.setProperty("right", `${Math.max(8, document.documentElement.clientWidth - button.right)}px`);
}

const dialog = document.getElementById("dialog");
let opener = null;

/** The panel of another page has arrived: it is shown as a dialog, and the focus comes back after it. */
function openDialog() {
  if (!dialog.querySelector(".dialog-close")) {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "dialog-close";
    close.ariaLabel = dialog.dataset.close;
    close.append("×");
    dialog.append(close);
  }
  dialog.setAttribute("aria-labelledby", "panel-title");
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[autofocus], input:not([type=hidden]), button:not(.dialog-close)")?.focus();
}

dialog?.addEventListener("close", () => {
  dialog.replaceChildren();
  const back = opener?.closest("details.menu")?.querySelector("summary") ?? opener;
  if (back?.isConnected) back.focus();
  opener = null;
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target === dialog) opener = event.detail.elt;
});

document.addEventListener("htmx:afterSwap", (event) => {
  const { target } = event.detail;
  localTimes(document);
  reveal(document);
  if (target === dialog) {
    if (dialog.firstElementChild) openDialog();
    closeMenus();
  }
});

/** An answer that is no page of ours, or none at all: go there for real, and the page says why. */
document.addEventListener("htmx:responseError", (event) => {
  const { elt, xhr } = event.detail;
  if (xhr.status === 401 || xhr.status === 403) location.reload();
  else if (elt.href) location.assign(elt.href);
  else event.detail.shouldSwap = true;
});

/** A part that asks again by itself finds nobody signed in any more: the whole page goes to sign in. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (!xhr.responseURL || new URL(xhr.responseURL).pathname !== "/login") return;
  event.detail.shouldSwap = false;
  location.reload();
});

/** Empty fields say nothing, so they stay out of the address. */
document.addEventListener("htmx:configRequest", (event) => {
  const { parameters } = event.detail;
  for (const [name, value] of [...parameters.entries()]) {
    if (value === "") parameters.delete(name);
  }
});

document.addEventListener("click", (event) => {
  const target = event.target;
  const copier = target.closest("[data-copy], [data-copy-from]");
  if (copier) copy(copier);
  const closer = target.closest(".dialog-close, a[data-close]");
  if (dialog.open && (target === dialog || (closer && dialog.contains(closer)))) {
    event.preventDefault();
    dialog.close();
  }
  const menu = target.closest("details.menu");
  closeMenus(menu);
  const mover = target.closest("[data-move]");
  if (mover) moveItem(mover);
});

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details.menu[open]")) placeMenu(event.target);
}, true);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu) return;
  const items = [...menu.querySelectorAll(".menu-item")];
  const at = items.indexOf(document.activeElement);
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    items[(at + step + items.length) % items.length]?.focus();
  }
});

window.addEventListener("scroll", () => closeMenus(), { capture: true, passive: true });

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-select-all]")) {
    for (const box of document.querySelectorAll("#selection input[name=id]")) box.checked = event.target.checked;
  }
  if (event.target.closest("#selection")) markSelection();
});

/** Deleting several is offered when something is selected. */
function markSelection() {
  const button = document.getElementById("delete-selected");
  if (!button) return;
  const chosen = document.querySelectorAll("#selection input[name=id]:checked").length;
  button.disabled = chosen === 0;
}

function moveItem(button) {
  const item = button.closest("li");
  const step = Number(button.dataset.move);
  const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  if (step < 0) other.before(item);
  else other.after(item);
  button.focus();
}

/** What is shown once has an address that shows something else when it is loaded again. */
function replaceAddress() {
  const shown = document.querySelector("main [data-replace]");
  if (shown) history.replaceState(null, "", shown.dataset.replace);
}

document.documentElement.classList.add("scripted");
replaceAddress();
localTimes(document);
reveal(document);
markSelection();
