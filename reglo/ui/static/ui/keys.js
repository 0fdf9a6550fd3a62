// Shortcuts: `data-key="/"` on a field focuses it, `data-key="n"` on a link follows it. Never while typing.
"use strict";

document.addEventListener("keydown", (key) => {
  if (key.ctrlKey || key.metaKey || key.altKey || key.isComposing) return;
  if (key.target.closest("input, select, textarea, dialog[open], [contenteditable]")) return;
  const target = document.querySelector(`[data-key="${CSS.escape(key.key)}"]`);
  if (!target) return;
  key.preventDefault();
  target.matches("input") ? (target.focus(), target.select()) : target.click();
});
