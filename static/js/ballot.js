// Help on the ballot and its check page. Without it both work the same; the server checks again.
"use strict";
// Leaving a page that was drawn after a POST: “back” asks for the ballot anew, and after casting is led to the receipt,
// where the browser would otherwise ask whether to send the ballot again.
for (const sent of document.querySelectorAll("form[data-history]")) {
  sent.addEventListener("submit", () => history.replaceState(null, "", sent.dataset.history));
}
// The counting bar of a choose-up-to-k ballot.
const form = document.querySelector("form.ballot[data-max]");
if (form) {
  const bar = form.querySelector("[data-count]");
  const max = Number(form.dataset.max);
  const lines = [bar.querySelector("[data-within]"), bar.querySelector("[data-over]")];
  const patterns = lines.map((line) => line.textContent);
  const update = () => {
    const chosen = form.querySelectorAll('input[name="option"]:checked').length;
    const over = chosen > max;
    const values = { "%chosen%": chosen, "%left%": Math.max(0, max - chosen), "%over%": chosen - max };
    lines.forEach((line, index) => {
      line.hidden = over ? index === 0 : index === 1;
      if (!line.hidden) {
        line.textContent = patterns[index].replace(/%(chosen|left|over)%/g, (sign) => values[sign]);
      }
    });
    bar.classList.toggle("ballot-bar__count--over", over);
  };
  bar.hidden = false;
  form.addEventListener("change", update);
  window.addEventListener("pageshow", update);
  update();
}
