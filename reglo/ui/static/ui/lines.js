// The lines of a document: *Entrée* goes to the line below and adds one after the last, a grip, Alt with an arrow and a
// menu move them, arrows walk through the articles found. The fields are a Django formset and each line has its rank,
// so that without this script the buttons of the page do the same with a round trip.
"use strict";

for (const lines of document.querySelectorAll("[data-lines]")) {
  const rows = lines.querySelector("[data-line-rows]");
  const total = lines.querySelector("[name$=TOTAL_FORMS]");
  const said = lines.querySelector("[data-lines-said]");
  const shown = () => [...rows.querySelectorAll("[data-line]:not([hidden])")];
  const fields = (row) => [...row.querySelectorAll("input:not([type=hidden]), select, textarea")];

  function say(words, row) {
    if (!said || !words) return;
    const place = shown().indexOf(row) + 1;
    said.textContent = words.replace("{place}", place).replace("{count}", shown().length);
  }

  function rank() {
    for (const [place, row] of rows.querySelectorAll("[data-line]").entries()) {
      const field = row.querySelector("[data-line-rank]");
      if (field) field.value = place + 1;
    }
  }

  // The form saves itself when something is typed: a line that moved is.
  function moved(row) {
    rank();
    rows.dispatchEvent(new Event("input", { bubbles: true }));
    say(lines.dataset.moved, row);
  }

  function add(kind) {
    const index = Number(total.value);
    const holder = document.createElement("template");
    const blank = lines.querySelector(`[data-line-blank="${kind}"]`);
    holder.innerHTML = blank.innerHTML.replaceAll("__prefix__", index);
    const row = holder.content.querySelector("[data-line]");
    rows.append(row);
    total.value = index + 1;
    rank();
    if (window.htmx) htmx.process(row);
    say(lines.dataset.added, row);
    return row;
  }

  function move(row, way) {
    const other = shown()[shown().indexOf(row) + (way === "up" ? -1 : 1)];
    if (!other) return;
    // The other line moves, so that the one being typed in keeps the focus.
    way === "up" ? row.after(other) : row.before(other);
    moved(row);
  }

  // The articles found under a description: `walked` says whether the key was theirs.
  function walked(key, row) {
    const field = key.target;
    const options = field.closest("[data-combobox]") ? [...row.querySelectorAll("[role=option]")] : [];
    if (!options.length) return false;
    const now = options.findIndex((option) => option.ariaSelected === "true");
    if (key.key === "Enter" && now >= 0) {
      options[now].click();
    } else if (key.key === "Escape") {
      row.querySelector(".suggestions").replaceChildren();
      field.ariaExpanded = "false";
    } else if (key.key === "ArrowDown" || key.key === "ArrowUp") {
      const next = key.key === "ArrowDown" ? now + 1 : (now < 0 ? 0 : now) - 1 + options.length;
      const chosen = options[next % options.length];
      for (const option of options) option.ariaSelected = String(option === chosen);
      field.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else {
      return false;
    }
    return true;
  }

  lines.addEventListener("keydown", (key) => {
    const row = key.target.closest("[data-line]");
    if (!row || key.isComposing) return;
    if (key.altKey && (key.key === "ArrowUp" || key.key === "ArrowDown")) {
      key.preventDefault();
      return move(row, key.key === "ArrowUp" ? "up" : "down");
    }
    if (walked(key, row)) return key.preventDefault();
    // Shift and Enter breaks a line inside a description; a box or a button keeps its own Enter.
    if (key.key !== "Enter" || key.shiftKey || key.target.matches("[type=checkbox], button, summary")) return;
    key.preventDefault();
    const below = shown()[shown().indexOf(row) + 1];
    const column = below ? fields(row).indexOf(key.target) : 0;
    const there = fields(below || add("article"));
    (there[column] || there[0]).focus();
  });

  lines.addEventListener("click", (click) => {
    const adder = click.target.closest("[data-line-add]");
    const mover = click.target.closest("[data-line-move]");
    if (!adder && !mover) return;
    click.preventDefault();
    if (mover) return move(mover.closest("[data-line]"), mover.dataset.lineMove);
    const row = add(adder.dataset.lineAdd);
    fields(row)[0].focus();
    if (adder.dataset.lineAdd === "subtotal") rows.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // A removed line stays in the form, hidden and ticked, so that the server learns of it.
  lines.addEventListener("change", (change) => {
    if (!change.target.matches("[data-line-remove]") || !change.target.checked) return;
    const row = change.target.closest("[data-line]");
    const next = shown()[shown().indexOf(row) + 1];
    row.hidden = true;
    const left = next || shown().at(-1);
    (left ? fields(left)[0] : lines.querySelector("[data-line-add]"))?.focus();
    say(lines.dataset.removed, row);
  });

  lines.addEventListener("focusin", (focus) => {
    if (!focus.target.closest("[data-combobox]")) return;
    const list = `${focus.target.closest("[data-line]").id}-suggestions`;
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list })) {
      focus.target.setAttribute(name, value);
    }
    focus.target.ariaExpanded ??= "false";
  });

  lines.addEventListener("htmx:afterSwap", (swap) => {
    const row = swap.target.closest("[data-line]");
    const field = row?.querySelector("[data-combobox] textarea");
    if (!field || !swap.target.matches(".suggestions")) return;
    field.removeAttribute("aria-activedescendant");
    field.ariaExpanded = String(Boolean(swap.target.querySelector("[role=option]")));
  });

  // The lines that the pointer passes step over the one it holds, which stays in its place of the page: a finger keeps it.
  lines.addEventListener("pointerdown", (down) => {
    const row = down.target.closest("[data-line-grip]")?.closest("[data-line]");
    if (!row || down.button) return;
    down.preventDefault();
    const before = [...rows.children];
    const held = new AbortController();
    const middle = (other) => other.getBoundingClientRect().top + other.offsetHeight / 2;
    const drop = (kept) => {
      held.abort();
      row.classList.remove("line-held");
      if (!kept) rows.append(...before);
      else if (before.some((other, place) => rows.children[place] !== other)) moved(row);
    };
    row.classList.add("line-held");
    const listen = (name, act) => document.addEventListener(name, act, { signal: held.signal });
    listen("pointermove", (pointer) => {
      const at = shown().indexOf(row);
      const above = shown()[at - 1];
      const below = shown()[at + 1];
      if (above && pointer.clientY < middle(above)) row.after(above);
      else if (below && pointer.clientY > middle(below)) row.before(below);
      if (pointer.clientY < 64 || pointer.clientY > innerHeight - 64) scrollBy(0, pointer.clientY < 64 ? -16 : 16);
    });
    listen("pointerup", () => drop(true));
    listen("pointercancel", () => drop(false));
    listen("keydown", (key) => key.key === "Escape" && drop(false));
  });
}
