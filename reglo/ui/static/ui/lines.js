// The lines of a document: *Entrée* goes to the line below and adds one after the last. The fields are a Django
// formset, so that without this script the buttons of the page do the same with a round trip.
"use strict";

for (const lines of document.querySelectorAll("[data-lines]")) {
  const rows = lines.querySelector("[data-line-rows]");
  const blank = lines.querySelector("[data-line-blank]");
  const total = lines.querySelector("[name$=TOTAL_FORMS]");
  const shown = () => [...rows.querySelectorAll("[data-line]:not([hidden])")];
  const fields = (row) => [...row.querySelectorAll("input:not([type=hidden]), select, textarea")];

  function add() {
    const index = Number(total.value);
    const holder = document.createElement("template");
    holder.innerHTML = blank.innerHTML.replaceAll("__prefix__", index);
    const row = holder.content.querySelector("[data-line]");
    rows.append(row);
    total.value = index + 1;
    if (window.htmx) htmx.process(row);
    return row;
  }

  lines.addEventListener("keydown", (key) => {
    const row = key.target.closest("[data-line]");
    // Shift and Enter breaks a line inside a description; a box or a button keeps its own Enter.
    if (key.key !== "Enter" || key.shiftKey || key.isComposing || !row) return;
    if (key.target.matches("[type=checkbox], button")) return;
    key.preventDefault();
    const below = shown()[shown().indexOf(row) + 1];
    const column = below ? fields(row).indexOf(key.target) : 0;
    fields(below || add())[column].focus();
  });

  lines.addEventListener("click", (click) => {
    if (!click.target.closest("[data-line-add]")) return;
    click.preventDefault();
    fields(add())[0].focus();
  });

  // A removed line stays in the form, hidden and ticked, so that the server learns of it.
  lines.addEventListener("change", (change) => {
    if (!change.target.matches("[data-line-remove]") || !change.target.checked) return;
    const row = change.target.closest("[data-line]");
    const next = shown()[shown().indexOf(row) + 1];
    row.hidden = true;
    const left = next || shown().at(-1);
    (left ? fields(left)[0] : lines.querySelector("[data-line-add]"))?.focus();
  });
}
