// The counting bar of a choose-up-to-k ballot. Without it the ballot works the same; the server checks again.
"use strict";
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
