// The browser's own colour picker beside the accent's field. Without this script there is only the field.

const field = document.getElementById("accent");
const picker = document.getElementById("accent-picker");

picker.addEventListener("input", () => {
  field.value = picker.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
field.addEventListener("input", () => {
  const typed = field.value.trim().toLowerCase();
  if (/^#[0-9a-f]{6}$/.test(typed)) picker.value = typed;
});
