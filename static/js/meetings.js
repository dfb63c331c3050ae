// The list at the door, and the pages on the wall of the hall. Without them: a search by the button, pages that reload.
"use strict";

// Searching the list while typing: words in names, or initial consonants alone.
const folded = (text) => text.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
const onlyConsonants = /^[\u3131-\u314e0-9]+$/;
for (const field of document.querySelectorAll("[data-filter]")) {
  const list = document.getElementById(field.dataset.filter);
  const none = document.querySelector("[data-none]");
  const show = () => {
    const wanted = folded(field.value);
    let found = 0;
    for (const row of list.children) {
      const text = onlyConsonants.test(wanted) ? row.dataset.letters : row.dataset.key;
      row.hidden = Boolean(wanted) && !text.includes(wanted);
      if (!row.hidden) found += 1;
    }
    // A scanned code or a personal one is looked up by the button: nothing on the list looks like it.
    if (none) none.hidden = found > 0 || Boolean(wanted);
  };
  field.addEventListener("input", show);
  // Whoever types while the page still arrives is searching already; what the server searched for stands as it answered.
  if (field.value !== field.defaultValue) show();
  // After a check-in the address names the person, and the browser then passes over `autofocus`. With a keyboard or a
  // scanner the next name is typed at once; on a tablet the keyboard on the screen would cover the list.
  if (location.hash && matchMedia("(pointer: fine)").matches) field.focus({ preventScroll: true });
}

// Numbers that are asked for again and again.
const SECONDS_BETWEEN = 4;
for (const live of document.querySelectorAll("[data-live]")) {
  const shown = live.querySelectorAll("[data-shown]");
  const lost = live.querySelector("[data-lost]");
  let left = Number(live.querySelector("[data-shown='seconds']")?.textContent ?? 0);
  // On a slow line the answer to an earlier question may come after that to a later one: it is old by then.
  let asked = 0;
  let heard = 0;
  const draw = (state) => {
    for (const place of shown) {
      const text = String(state[place.dataset.shown] ?? "");
      if (place.textContent !== text) place.textContent = text;
    }
    for (const place of live.querySelectorAll("[data-when]")) {
      place.hidden = (place.dataset.when === "met") !== state.met;
    }
    if (live.dataset.metClass) live.classList.toggle(live.dataset.metClass, state.met);
    const picture = live.querySelector("[data-door]");
    if (picture && String(state.step) !== live.dataset.step) {
      live.dataset.step = String(state.step);
      picture.src = `${live.dataset.picture}?${state.step}`;
    }
    left = state.seconds;
  };
  const ask = async () => {
    if (document.hidden) return;
    asked += 1;
    const turn = asked;
    try {
      const answer = await fetch(live.dataset.live, { headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const state = await answer.json();
      if (turn < heard) return;
      heard = turn;
      draw(state);
      if (lost) lost.hidden = true;
    } catch {
      if (lost && turn >= heard) lost.hidden = false;
    }
  };
  setInterval(ask, SECONDS_BETWEEN * 1000);
  document.addEventListener("visibilitychange", ask);
  const clock = live.querySelector("[data-shown='seconds']");
  if (clock) {
    setInterval(() => {
      left -= 1;
      if (left <= 0) ask();
      clock.textContent = String(Math.max(0, left));
    }, 1000);
  }
}
