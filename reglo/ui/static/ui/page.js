// Comfort for every page: copying, dismissing, closing menus, dialogs on browsers without `command`, and a word
// when the server does not answer. Nothing here is needed for a page to work.
"use strict";

document.addEventListener("click", async (click) => {
  const copier = click.target.closest("[data-copy]");
  if (copier) return copy(copier);

  const dismiss = click.target.closest("[data-dismiss]");
  if (dismiss) return dismiss.closest("[data-toast]").remove();

  const opener = click.target.closest("[command][commandfor]");
  if (opener && !("commandForElement" in HTMLButtonElement.prototype)) {
    const dialog = document.getElementById(opener.getAttribute("commandfor"));
    opener.getAttribute("command") === "close" ? dialog.close() : dialog.showModal();
  }
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(click.target) || click.target.closest("[command]")) menu.open = false;
  }
});

document.addEventListener("keydown", (key) => {
  if (key.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// The words of the button say that it worked, then come back.
async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    return prompt(document.body.dataset.copyByHand, button.dataset.copy);
  }
  const done = button.dataset.copied || document.body.dataset.copied;
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.toast = "";
  toast.append(Object.assign(document.createElement("p"), { textContent: done }));
  show(toast);
}

// A toast without something to undo leaves by itself; one with a button waits until it is used or dismissed.
function show(toast) {
  if (!toast.isConnected) document.getElementById("toasts").append(toast);
  const dismiss = toast.querySelector("[data-dismiss]");
  if (dismiss) dismiss.hidden = false;
  if (!toast.querySelector("form") && toast.dataset.toast !== "error") setTimeout(() => toast.remove(), 6000);
}

for (const toast of document.querySelectorAll("#toasts [data-toast]")) show(toast);
document.querySelector("[data-focus]")?.focus();

// htmx could not save or read: say it once, where it is heard.
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, () => {
    if (document.querySelector("#toasts [data-toast=error]")) return;
    show(document.getElementById("toast-offline").content.cloneNode(true).firstElementChild);
  });
}
