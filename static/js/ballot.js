// Help on the ballot and its check page. Without it both work the same; the server checks again.
"use strict";
// Leaving a page that was drawn after a POST: “back” asks for the ballot anew, and after casting is led to the receipt,
// where the browser would otherwise ask whether to send the ballot again.
for (const sent of document.querySelectorAll("form[data-history]")) {
  sent.addEventListener("submit", () => history.replaceState(null, "", sent.dataset.history));
}
// The counting bar: how many are chosen of those that may be, or answered of those that must be.
const form = document.querySelector("form.ballot");
if (form) {
  const bar = form.querySelector(".ballot-bar__count");
  const whole = Number(form.dataset.max ?? form.dataset.all);
  const update = () => {
    const chosen = form.querySelectorAll(":is([name=option], [type=radio]):checked").length;
    const over = chosen > whole;
    const values = { "%chosen%": chosen, "%left%": Math.max(0, whole - chosen), "%over%": chosen - whole };
    const text = (over ? bar.dataset.over : bar.dataset.within).replace(/%(chosen|left|over)%/g, (sign) => values[sign]);
    // Written only when it changes, and in one piece: a screen reader says it once.
    if (bar.textContent !== text) bar.textContent = text;
    bar.classList.toggle("ballot-bar__count--over", over);
  };
  bar.hidden = false;
  form.addEventListener("change", update);
  window.addEventListener("pageshow", update);
  update();
}
