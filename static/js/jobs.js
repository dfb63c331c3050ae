// Keeps what is said about running jobs fresh. Texts only: nothing that came over the network becomes markup.
"use strict";

const SOON = 1000;
const LATER = 2000;
const SELDOM = 5000;
// Milliseconds after which it is asked less often.
const IMPATIENT = 10_000;
const PATIENT = 60_000;
const LONGEST = 30_000;

// The answer, or null where there is none for this visitor any more: signed out, or the job is gone.
async function ask(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "manual" });
  if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) return null;
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

// Calls `step` until it answers that it is over; waits while the page is not seen, and longer after each failure.
function repeat(step, pause) {
  const begun = Date.now();
  let failures = 0;
  const next = () => {
    const wait = failures ? Math.min(LONGEST, SOON * 2 ** failures) : pause(Date.now() - begun);
    setTimeout(turn, wait);
  };
  const turn = async () => {
    if (document.hidden) {
      document.addEventListener("visibilitychange", turn, { once: true });
      return;
    }
    try {
      if (await step()) return;
      failures = 0;
    } catch {
      failures += 1;
    }
    next();
  };
  next();
}

function follow(root) {
  const all = (selector) => root.querySelectorAll(selector);
  const spoken = root.querySelector("[data-spoken]");
  const bar = root.querySelector("progress");
  // What the page says already is not said again.
  let said = spoken.dataset.spoken;

  const show = (told) => {
    for (const place of all("[data-told]")) {
      const text = told[place.dataset.told] ?? "";
      if (place.textContent !== text) place.textContent = text;
    }
    for (const badge of all("[data-badge]")) badge.className = `badge badge--${told.tone}`;
    for (const notice of all("[data-message]")) {
      notice.className = `notice notice--${told.tone === "danger" ? "danger" : "info"}`;
    }
    if (told.parts.includes("file")) for (const link of all("[data-to]")) link.setAttribute("href", link.dataset.to);
    for (const link of all("[data-again]")) if (told.again) link.setAttribute("href", told.again);
    if (told.percent === null) bar?.removeAttribute("value");
    else if (bar) bar.value = told.percent;
    const before = document.activeElement;
    for (const part of all("[data-part]")) part.hidden = !told.parts.includes(part.dataset.part);
    // What the keyboard stood on is gone: go on at the heading.
    if (before?.closest("[hidden]") && root.contains(before)) root.querySelector("[tabindex='-1']")?.focus();
    if (said !== told.spoken) spoken.textContent = told.spoken;
    said = told.spoken;
  };

  repeat(
    async () => {
      const told = await ask(root.dataset.job);
      if (told === null) {
        location.reload();
        return true;
      }
      show(told);
      return told.is_finished;
    },
    (since) => (since < IMPATIENT ? SOON : since < PATIENT ? LATER : SELDOM),
  );
}

for (const root of document.querySelectorAll("[data-job]")) follow(root);

// The corner of the desk: asked once, and again only while something goes on.
for (const corner of document.querySelectorAll("[data-jobs]")) {
  const count = corner.querySelector("[data-count]");
  let isFirst = true;
  repeat(
    async () => {
      const unfinished = (await ask(corner.dataset.jobs))?.unfinished;
      isFirst = false;
      count.textContent = unfinished ? String(unfinished) : "";
      count.parentElement.hidden = !unfinished;
      return !unfinished;
    },
    () => (isFirst ? 0 : SELDOM),
  );
}
