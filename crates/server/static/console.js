// The console's enhancement: every page works without it. No state is kept here but what is on the page.

const language = document.documentElement.lang;
const dialog = document.getElementById("dialog");
const notice = document.getElementById("notice");

/** Days that are asked for are the reader's, unless the address has days already, and says whose. */
function localDays() {
  const field = document.querySelector("input[data-zone]");
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (!field || !timeZone) return;
  field.value = timeZone;
  document.getElementById(field.dataset.zone).textContent = timeZone;
}

/** What only a script can do is hidden until there is one; copying needs a page that came over TLS or from this machine. */
function reveal(root) {
  const copies = navigator.clipboard !== undefined;
  for (const hidden of root.querySelectorAll("[data-move][hidden], [data-script][hidden]")) hidden.hidden = false;
  for (const button of root.querySelectorAll("[data-copy], [data-copy-from]")) button.hidden = !copies;
}

/** Tells who cannot see it; what lies behind an open dialog is not read out. */
function say(text) {
  const line = document.createElement("p");
  line.className = "sr";
  line.textContent = text;
  (dialog.querySelector(".dialog-notice") ?? notice).append(line);
  setTimeout(() => line.remove(), 3000);
}

/** Something was not done, and the page does not show it: what it shows may be out of date. */
function fail() {
  if (notice.querySelector(".failed")) return;
  const line = document.createElement("p");
  line.className = "alert alert-error failed";
  line.textContent = notice.dataset.failed;
  notice.append(line);
}

function unfail() {
  notice.querySelector(".failed")?.remove();
}

async function copy(button) {
  const value = button.dataset.copy || document.getElementById(button.dataset.copyFrom)?.textContent || "";
  await navigator.clipboard.writeText(value);
  button.classList.add("copied");
  say(notice.dataset.copied);
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

let opener = null;

/** The panel of another page has arrived: it is shown as a dialog, and the focus comes back after it. */
function openDialog() {
  if (!dialog.querySelector(".dialog-close")) {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "dialog-close";
    close.ariaLabel = dialog.dataset.close;
    close.append("×");
    const told = document.createElement("div");
    told.className = "sr dialog-notice";
    told.role = "status";
    dialog.append(close, told);
  }
  dialog.setAttribute("aria-labelledby", "panel-title");
  // The browser gives the focus back to what had it: not to the item of a menu that is closed by then.
  const menu = opener?.closest("details.menu");
  closeMenus();
  menu?.querySelector("summary").focus();
  if (!dialog.open) dialog.showModal();
  // Nobody confirms by holding Enter down: what destroys never has the focus at first.
  dialog.querySelector("[autofocus], input:not([type=hidden]), .button:not(.button-danger), .dialog-close")?.focus();
}

dialog.addEventListener("close", () => {
  dialog.replaceChildren();
  opener = null;
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target } = event.detail;
  // Nobody looks: a session is not kept alive by a page that lies behind others.
  if (document.hidden && elt.matches("[data-live]")) return event.preventDefault();
  if (target === dialog) opener = elt;
  if (!elt.matches("[data-live], [data-quiet]")) target.ariaBusy = "true";
});

document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.target.ariaBusy = null;
});

/** An answer that is no page of ours, or says that something is wrong. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, target, xhr } = event.detail;
  const { elt } = requestConfig;
  const signsIn = xhr.responseURL && new URL(xhr.responseURL).pathname === "/login";
  if (!signsIn && xhr.status < 400) return unfail();
  event.detail.shouldSwap = false;
  // What only comments on a form that is being filled in must never take it away.
  if (elt.matches("[data-quiet]")) return;
  // Nobody is signed in any more, or may not be here: the whole page says so.
  if (signsIn || xhr.status === 401 || xhr.status === 403) location.reload();
  else if (elt.href) location.assign(elt.href);
  else if (target.id && xhr.responseText.includes(`id="${target.id}"`)) event.detail.shouldSwap = true;
  else fail();
});

for (const name of ["htmx:sendError", "htmx:timeout", "console:failed"]) document.addEventListener(name, fail);

document.addEventListener("htmx:afterSwap", (event) => {
  const { target } = event.detail;
  reveal(document);
  markSelection();
  if (target === dialog && dialog.firstElementChild) openDialog();
  const found = target.id === "results" && document.querySelector("#clients-count, #found");
  if (found) say(found.textContent);
});

/** Empty fields say nothing, so they stay out of the address. */
document.addEventListener("htmx:configRequest", (event) => {
  const { parameters } = event.detail;
  for (const [name, value] of [...parameters.entries()]) {
    if (value === "") parameters.delete(name);
  }
  // Whose days they would be says nothing where there are none.
  if (!parameters.has("from") && !parameters.has("until")) parameters.delete("zone");
});

/** A form is sent once, however often it is pressed; for ten seconds, in case its answer never comes. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.ariaBusy === "true") return event.preventDefault();
  form.ariaBusy = "true";
  setTimeout(() => (form.ariaBusy = null), 10_000);
});

window.addEventListener("pageshow", () => {
  for (const form of document.forms) form.ariaBusy = null;
});

document.addEventListener("click", (event) => {
  const target = event.target;
  const link = target.closest("a[data-dialog]");
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (link && plain) {
    event.preventDefault();
    htmx.ajax("GET", link.href, { source: link, target: dialog, select: "#panel", swap: "innerHTML" });
    return;
  }
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

document.addEventListener("focusout", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu) return;
  const items = [...menu.querySelectorAll(".menu-sheet :is(a, button)")];
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

/** Narrows a list on the page to the items that hold what is typed. */
document.addEventListener("input", (event) => {
  const list = document.getElementById(event.target.dataset?.search ?? "");
  if (!list) return;
  const wanted = event.target.value.trim().toLocaleLowerCase(language);
  for (const item of list.children) {
    item.hidden = !item.textContent.toLocaleLowerCase(language).includes(wanted);
  }
});

/** What is shown once has an address that shows something else when it is loaded again; what was done is told once. */
function replaceAddress() {
  const shown = document.querySelector("main [data-replace]");
  const address = new URL(shown?.dataset.replace ?? location.href, location.href);
  address.searchParams.delete("done");
  if (address.href !== location.href) history.replaceState(null, "", address);
}

// In a narrow window the navigation scrolls: the section that one is in is shown.
document.querySelector(".side a[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center", behavior: "instant" });
document.documentElement.classList.add("scripted");
replaceAddress();
localDays();
reveal(document);
markSelection();
