// Small helps on every page. Without them everything works by links and forms.
"use strict";

// Size of the letters and colours: shown at once, so that nothing chosen or typed on the page is lost.
const root = document.documentElement;
const untouched = { text: "normal", colours: "auto" };
let isSending = false;
let next = null;
// Both values, one request after the other: two quick choices must not undo each other.
const send = () => {
  const { action, body } = next;
  next = null;
  return fetch(action, { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => {});
};
const keep = async () => {
  if (isSending) return;
  isSending = true;
  while (next) await send();
  isSending = false;
};
// Whoever goes on to another page meanwhile loses no choice that still waits for its turn.
addEventListener("pagehide", () => next && send());
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-display]");
  const button = event.submitter;
  if (!form || !button?.name) return;
  event.preventDefault();
  if (button.value === untouched[button.name]) delete root.dataset[button.name];
  else root.dataset[button.name] = button.value;
  next = { action: form.action, body: new URLSearchParams({ ...untouched, ...root.dataset }) };
  keep();
  for (const other of document.querySelectorAll(`form[data-display] [name="${button.name}"]`)) {
    other.setAttribute("aria-pressed", String(other.value === button.value));
  }
});

// Menus close by Escape, by a tap elsewhere, and when the keyboard goes on: an open one would cover where it stands.
const openMenus = () => document.querySelectorAll("details[data-menu][open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
for (const leaving of ["click", "focusin"]) {
  document.addEventListener(leaving, (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
}

// Dialogs: the button appears where it works; the link to the same on a page goes.
for (const opener of document.querySelectorAll("[data-dialog]")) {
  const dialog = document.getElementById(opener.dataset.dialog);
  if (!dialog?.showModal) continue;
  opener.hidden = false;
  document.querySelector(`[data-instead="${opener.dataset.dialog}"]`)?.remove();
  opener.addEventListener("click", () => dialog.showModal());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}

// Tabs: links to sections become a tab list; arrow keys move, the chosen panel shows.
for (const tabs of document.querySelectorAll("[data-tabs]")) {
  const list = tabs.querySelector("ul");
  const links = [...list.querySelectorAll("a[href^='#']")];
  const panels = links.map((link) => document.getElementById(link.hash.slice(1)));
  const show = (chosen, focus) => {
    links.forEach((link, index) => {
      link.setAttribute("aria-selected", String(index === chosen));
      link.tabIndex = index === chosen ? 0 : -1;
      panels[index].hidden = index !== chosen;
    });
    if (focus) links[chosen].focus();
  };
  list.setAttribute("role", "tablist");
  if (tabs.dataset.tabs) list.setAttribute("aria-label", tabs.dataset.tabs);
  links.forEach((link, index) => {
    link.parentElement.setAttribute("role", "presentation");
    link.setAttribute("role", "tab");
    link.id ||= `tab-${panels[index].id}`;
    link.setAttribute("aria-controls", panels[index].id);
    panels[index].setAttribute("role", "tabpanel");
    panels[index].setAttribute("aria-labelledby", link.id);
    panels[index].tabIndex = 0;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(index, true);
    });
    link.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const end = { Home: 0, End: links.length - 1 }[event.key];
      if (step === undefined && end === undefined) {
        if (event.key === " ") link.click();
        else return;
      } else show(end ?? (index + step + links.length) % links.length, true);
      event.preventDefault();
    });
  });
  tabs.classList.add("tabs--live");
  show(Math.max(0, links.findIndex((link) => link.hash === location.hash)), false);
}

// Printing and showing a password are offered only where a script can do them.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);
  if (!field) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  });
}
