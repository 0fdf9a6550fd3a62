// Cells of a spreadsheet pasted into a description become lines; the server reads them, as it does from the dialog.
"use strict";

for (const dialog of document.querySelectorAll("[data-paste]")) {
  const lines = dialog.closest("[data-lines]");
  const cells = dialog.querySelector("[data-paste-text]");
  const place = dialog.querySelector("[data-paste-at]");

  function open() {
    if (!dialog.matches(":modal")) {
      dialog.close();
      dialog.showModal();
    }
    cells.focus();
  }

  lines.addEventListener("focusin", (focus) => {
    const row = focus.target.closest("[data-line]");
    if (row) place.value = row.id;
  });

  lines.addEventListener("click", (click) => {
    if (!click.target.closest("[data-paste-open]")) return;
    click.preventDefault();
    open();
  });

  lines.addEventListener("paste", (paste) => {
    const text = paste.clipboardData?.getData("text/plain") ?? "";
    if (!text.includes("\t") || !paste.target.matches("[data-line-text]")) return;
    paste.preventDefault();
    cells.value = text;
    place.value = paste.target.closest("[data-line]").id;
    dialog.querySelector("[data-paste-send]").click();
  });

  // What is typed here is no change of the document yet.
  dialog.addEventListener("input", (input) => input.stopPropagation());
  document.addEventListener("table-refused", open);
  if (dialog.open) open();
}
