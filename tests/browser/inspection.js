// What can be told from a page as it is drawn. Each check returns sentences about what is wrong; inspection.py runs them.
(names, least) => {
  const shown = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const spoken = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest("[aria-hidden=true], [inert]");
  const all = (selector) => [...document.querySelectorAll(selector)];
  const brief = (one) => one.outerHTML.slice(0, 140).replace(/\s+/g, " ");
  const text = (one) => (one?.textContent ?? "").replace(/\s+/g, " ").trim();
  // The name that was given to a part: by other elements, by a label, at last by a title.
  const given = (one) => {
    const by = (one.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
    const named = by.map((id) => text(document.getElementById(id))).join(" ").trim();
    return named || (one.getAttribute("aria-label") ?? "").trim() || (one.getAttribute("title") ?? "").trim();
  };

  const LANDMARKS = ["banner", "complementary", "contentinfo", "form", "main", "navigation", "region", "search"];
  const WITHIN = "article, aside, main, nav, section";
  const landmark = (one) => {
    const role = one.getAttribute("role");
    if (role) return LANDMARKS.includes(role) ? role : "";
    switch (one.localName) {
      case "main": return "main";
      case "nav": return "navigation";
      case "aside": return "complementary";
      case "search": return "search";
      case "header": return one.parentElement.closest(WITHIN) ? "" : "banner";
      case "footer": return one.parentElement.closest(WITHIN) ? "" : "contentinfo";
      case "section": return given(one) ? "region" : "";
      case "form": return given(one) ? "form" : "";
      default: return "";
    }
  };

  const checks = {
    headings() {
      const found = [];
      const headings = all("h1, h2, h3, h4, h5, h6, [role=heading]").filter(spoken);
      const first = headings.filter((one) => one.matches("h1"));
      if (first.length !== 1) found.push(`${first.length} h1`);
      let before = 0;
      for (const heading of headings) {
        const level = Number(heading.getAttribute("aria-level") ?? heading.localName.slice(1));
        if (!text(heading)) found.push(`empty heading: ${brief(heading)}`);
        if (before && level > before + 1) found.push(`h${before} is followed by h${level}: ${text(heading)}`);
        before = level;
      }
      return found;
    },

    landmarks() {
      const found = [];
      const kinds = {};
      for (const one of document.body.querySelectorAll("*")) {
        const kind = landmark(one);
        if (kind && spoken(one)) (kinds[kind] ??= []).push(one);
      }
      for (const kind of ["main", "banner", "contentinfo"]) {
        const number = kinds[kind]?.length ?? 0;
        if (number !== 1) found.push(`${number} ${kind}`);
      }
      for (const kind of ["navigation", "complementary", "search", "region", "form"]) {
        const seen = new Set();
        for (const one of kinds[kind] ?? []) {
          const name = given(one);
          if (!name) found.push(`${kind} without a name: ${brief(one)}`);
          else if (seen.has(name)) found.push(`two ${kind} landmarks are named “${name}”`);
          seen.add(name);
        }
      }
      const inside = LANDMARKS.flatMap((kind) => kinds[kind] ?? []);
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (!text(walker.currentNode) || !spoken(parent)) continue;
        if (parent.closest(".skip-link, script, style, template, dialog, [role=dialog], [role=status], [role=alert]")) continue;
        if (!inside.some((one) => one.contains(parent))) found.push(`outside of all landmarks: ${brief(parent)}`);
      }
      return found;
    },

    ids() {
      const count = {};
      for (const one of all("[id]")) count[one.id] = (count[one.id] ?? 0) + 1;
      return Object.keys(count).filter((id) => count[id] > 1).map((id) => `the id “${id}” stands ${count[id]} times`);
    },

    references() {
      const found = [];
      for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "for", "list", "form", "headers"]) {
        for (const one of all(`[${name}]`)) {
          for (const id of one.getAttribute(name).split(/\s+/).filter(Boolean)) {
            if (!document.getElementById(id)) found.push(`${name} leads to “${id}”, which is not there: ${brief(one)}`);
          }
        }
      }
      return found;
    },

    // Links and buttons say what they do, fields what they want.
    names() {
      const found = [];
      for (const one of all("a[href], button, summary, [role=button], [role=tab]").filter(spoken)) {
        const pictures = [...one.querySelectorAll("img[alt], svg[aria-label], [aria-label]")];
        const said = given(one) || text(one) || pictures.map((it) => it.alt || it.getAttribute("aria-label")).join("");
        if (!said) found.push(`says nothing: ${brief(one)}`);
      }
      for (const one of all("input:not([type=hidden], [type=submit], [type=button]), select, textarea").filter(spoken)) {
        const label = [...(one.labels ?? [])].map(text).join("");
        if (!label && !given(one)) found.push(`field without a label: ${brief(one)}`);
      }
      for (const one of all("fieldset").filter(spoken)) {
        if (!text(one.querySelector(":scope > legend")) && !given(one)) found.push(`group without a name: ${brief(one)}`);
      }
      for (const one of all("table").filter(spoken)) {
        if (!text(one.querySelector(":scope > caption")) && !given(one)) found.push(`table without a name: ${brief(one)}`);
      }
      return found;
    },

    // The order of the keyboard is the order of the page.
    order() {
      return all("[tabindex]").filter((one) => one.tabIndex > 0).map((one) => `goes before its turn: ${brief(one)}`);
    },

    // Where the page as a whole scrolls sideways: what reaches over its right edge.
    sideways() {
      const width = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= width) return [];
      const wide = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > width + 1);
      return [`the page is ${document.documentElement.scrollWidth}px wide`]
        .concat(wide.slice(-3).map((one) => `reaches over the edge: ${brief(one)}`));
    },

    // Words that a box with hidden overflow cuts off.
    cut() {
      const found = [];
      for (const one of document.body.querySelectorAll("*")) {
        const own = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && text(node));
        const style = getComputedStyle(one);
        const hides = (way) => ["hidden", "clip"].includes(way);
        if (!own || !shown(one) || one.closest(".visually-hidden, .skip-link, [inert], svg") || style.display === "inline") continue;
        const cut = (hides(style.overflowX) && one.scrollWidth > one.clientWidth + 1)
          || (hides(style.overflowY) && one.scrollHeight > one.clientHeight + 1);
        if (cut) found.push(`words are cut off: ${brief(one)}`);
      }
      return found;
    },

    // Buttons, fields and links that stand alone; a link within a sentence may be as high as its line. The label of a
    // box counts as the box, and so does what a label covers with its ::after.
    targets() {
      const clipped = (one) => one.closest(".visually-hidden, .skip-link, [inert]") !== null || one.matches(".visually-hidden, .skip-link");
      const alone = (link) => {
        const around = link.closest("p, li, dd, td, th, dt, figcaption, summary, label, h1, h2, h3, h4, div, nav");
        const rest = (around?.textContent ?? "").replace(link.textContent, "").replace(/[\s·•|,/›]+/g, "");
        return getComputedStyle(link).display !== "inline" || rest === "";
      };
      const box = (one) => {
        const label = one.matches("[type=checkbox], [type=radio]") && one.labels?.[0];
        const area = label ? (label.closest(".choice") ?? label) : one;
        return area.getBoundingClientRect();
      };
      const found = [];
      for (const one of all("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=tab], [role=button]")) {
        if (!shown(one) || clipped(one) || (one.matches("a") && !alone(one))) continue;
        const { width, height } = box(one);
        if (height < least - 0.5 || width < (one.matches("a") ? 24 : least) - 0.5) {
          found.push(`small target ${Math.round(width)}×${Math.round(height)}: ${brief(one)}`);
        }
      }
      return found;
    },

    // No more than one main action in view, at whatever height of the page.
    primary() {
      const buttons = all(".button--primary").filter(shown).map((one) => ({ one, top: one.getBoundingClientRect().top + scrollY }));
      const fixed = buttons.filter(({ one }) => {
        for (let around = one; around; around = around.parentElement) {
          if (["sticky", "fixed"].includes(getComputedStyle(around).position)) return true;
        }
        return false;
      });
      if (fixed.length && buttons.length > 1 && new Set(buttons.map(({ one }) => one.closest(".ballot-bar, .action-bar") ?? one)).size > 1) {
        return [`a main action that stays in view beside ${buttons.length - 1} more: ${brief(fixed[0].one)}`];
      }
      return [];
    },
  };
  return names.flatMap((name) => checks[name]());
}
