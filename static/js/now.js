// Moves the marker of what goes on now. Without it the page shows what went on when it was loaded.
"use strict";

const slots = [...document.querySelectorAll("[data-from]")].map((row) => ({
  row,
  from: Date.parse(row.dataset.from),
  until: Date.parse(row.dataset.until),
}));

const mark = () => {
  const now = Date.now();
  let first = true;
  for (const { row, from, until } of slots) {
    const isNow = from <= now && now < until;
    const badge = row.querySelector(".slot__now");
    if (isNow) row.setAttribute("aria-current", "time");
    else row.removeAttribute("aria-current");
    if (badge) badge.hidden = !isNow;
    if (isNow && first) {
      row.id = "now";
      first = false;
    } else if (row.id === "now") {
      row.removeAttribute("id");
    }
  }
  for (const link of document.querySelectorAll(".day-links__now")) link.parentElement.hidden = first;
};

mark();
setInterval(mark, 20_000);
document.addEventListener("visibilitychange", mark);
