// Says on the page that a passkey did not answer: without this, only the browser's console would know.
"use strict";

document.addEventListener("allauth.error", (error) => {
  error.preventDefault();
  const words = document.getElementById("passkey-failed");
  if (!words) return;
  words.hidden = false;
  words.focus();
});
