// The page on which anybody replays a draw. Texts stand in the page; this shows which of them hold.
"use strict";

// Milliseconds after which the page has its turn.
const TURN = 30;

const pause = () => new Promise((resolve) => { setTimeout(resolve); });

function followVerification(root) {
  const buttons = root.querySelectorAll("button, input");
  const bar = root.querySelector("progress");
  const summary = root.querySelector("[data-summary]");
  const rows = new Map([...root.querySelectorAll("[data-claim]")].map((row) => [row.dataset.claim, row]));

  const filled = (text, facts) => text.replace(/%\((\w+)\)s/g, (whole, name) => String(facts[name] ?? whole));

  const sentence = (row, { verdict, reason, facts }) => {
    const text = verdict === "open" ? row.getAttribute(`data-open-${reason}`) : row.getAttribute(`data-${verdict}`);
    return filled(text ?? "", facts);
  };

  const show = (claim) => {
    const row = rows.get(claim.code);
    if (!row) return;
    row.hidden = false;
    row.dataset.verdict = claim.verdict;
    row.querySelector("[data-word]").textContent = root.getAttribute(`data-word-${claim.verdict}`);
    row.querySelector("[data-sentence]").textContent = sentence(row, claim);
  };

  const say = (name) => {
    summary.textContent = root.getAttribute(`data-${name}`);
    summary.className = `notice notice--${name === "verified" ? "success" : name === "working" ? "info" : "danger"}`;
    summary.hidden = false;
  };

  const clear = () => {
    for (const row of rows.values()) {
      row.hidden = true;
      delete row.dataset.verdict;
    }
    bar.value = 0;
    bar.hidden = false;
    for (const button of buttons) button.disabled = true;
    root.setAttribute("aria-busy", "true");
    say("working");
  };

  const replay = async (bytes) => {
    let failed = false;
    let settled = 0;
    let last = performance.now();
    for (const step of DrawClaims.verify(bytes)) {
      if (step.verdict) {
        settled += 1;
        failed ||= step.verdict === "failed";
        show(step);
      }
      if (performance.now() - last > TURN) {
        bar.value = (settled + (step.progress ?? 0)) / DrawClaims.CLAIMS.length;
        await pause();
        last = performance.now();
      }
    }
    return failed ? "failed" : "verified";
  };

  const run = async (load) => {
    clear();
    let outcome = "unreadable";
    try {
      outcome = await replay(new Uint8Array(await load()));
    } catch {
      outcome = "unreadable";
    }
    bar.hidden = true;
    for (const button of buttons) button.disabled = false;
    root.removeAttribute("aria-busy");
    say(outcome);
  };

  root.querySelector("[data-start]")?.addEventListener("click", () => {
    run(async () => {
      const answer = await fetch(root.dataset.file);
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.arrayBuffer();
    });
  });
  root.querySelector("[data-own]")?.addEventListener("change", (event) => {
    const [file] = event.target.files;
    if (file) run(() => file.arrayBuffer());
  });
  for (const part of root.querySelectorAll("[data-needs-script]")) part.hidden = false;
}

for (const root of document.querySelectorAll("[data-verify-draw]")) followVerification(root);
