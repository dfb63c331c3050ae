// A button copies the field that it names. It appears where the script runs; without it the field is chosen by hand.
"use strict";

for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const status = document.getElementById(button.getAttribute("aria-describedby"));
  button.hidden = false;
  button.addEventListener("click", async () => {
    // Chosen before: where copying fails, the keys for it work at once.
    field.focus();
    field.select();
    let isCopied = true;
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Offices often serve their pages without encryption, and there browsers know only the old way.
      isCopied = document.execCommand("copy");
    }
    // Emptied first, so that a second time is read out too.
    status.textContent = "";
    requestAnimationFrame(() => (status.textContent = isCopied ? button.dataset.copied : button.dataset.failed));
  });
}
