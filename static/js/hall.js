// Follows a draw: each digit as it comes, then the page as it is afterwards. Without it the pages reload by themselves.
"use strict";

const SECONDS_BETWEEN = 2;
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

for (const live of document.querySelectorAll("[data-follow]")) {
  const places = [...live.querySelectorAll("[data-digit]")];
  const lost = live.querySelector("[data-lost]");
  const isOver = ["drawn", "voided"].includes(live.dataset.phase);
  // On a slow line the answer to an earlier question may come after that to a later one; and whoever asked for the page
  // once must not ask again while it is on its way: that would begin anew each time.
  let asked = 0;
  let heard = 0;
  let isLeaving = false;

  const draw = (state) => {
    for (const [at, place] of places.entries()) {
      const digit = state.digits[at] || "–";
      if (place.textContent === digit) continue;
      place.textContent = digit;
      place.classList.toggle("is-open", digit === "–");
      place.classList.remove("has-come");
      requestAnimationFrame(() => place.classList.add("has-come"));
    }
    if (state.phase === live.dataset.phase) return;
    isLeaving = true;
    // The third digit is seen for a moment before the page goes on.
    setTimeout(() => location.reload(), places.length && !still ? 1500 : 0);
  };
  const ask = async () => {
    if (document.hidden || isLeaving) return;
    asked += 1;
    const turn = asked;
    try {
      const answer = await fetch(live.dataset.follow, { headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const state = await answer.json();
      if (isLeaving || turn < heard) return;
      heard = turn;
      draw(state);
      if (lost) lost.hidden = true;
    } catch {
      if (lost && !isLeaving && turn >= heard) lost.hidden = false;
    }
  };
  if (!isOver) {
    setInterval(ask, SECONDS_BETWEEN * 1000);
    document.addEventListener("visibilitychange", ask);
  }
}

// On the wall: one number after the other, then the quotas group by group. All at once where motion is not wanted.
const MILLISECONDS_A_NUMBER = 450;
const MILLISECONDS_A_GROUP = 1200;
const numbers = [...document.querySelectorAll("[data-reveal-numbers] > li")];
const groups = [...document.querySelectorAll("[data-reveal-quotas] .draw-quota")];
if (numbers.length && !still) {
  for (const part of [...numbers, ...groups]) part.classList.add("is-hidden-yet");
  const show = (part) => {
    part.classList.remove("is-hidden-yet");
    part.classList.add("has-come");
  };
  numbers.forEach((part, at) => setTimeout(() => show(part), at * MILLISECONDS_A_NUMBER));
  const after = numbers.length * MILLISECONDS_A_NUMBER;
  groups.forEach((part, at) => setTimeout(() => show(part), after + at * MILLISECONDS_A_GROUP));
}
