// Follows the keyboard through a page. `begin` opens what can be opened and notes every stop that Tab must reach;
// `stop` says where the keyboard is and whether that can be seen; `hear` lets each press of Tab note that by itself and
// `heard` gives the notes; `missed` says which stops it never came to.
() => {
  const WANTED = "a[href], area[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex], [contenteditable=true]";
  const brief = (one) => one.outerHTML.slice(0, 120).replace(/\s+/g, " ");
  const drawn = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest("[inert]");
  // Radio buttons of one group are one stop.
  const key = (one) => (one.type === "radio" && one.name ? `radio ${one.name}` : one);
  const isStop = (one) => one.tabIndex >= 0 && !one.disabled && drawn(one);
  const SIDES = (style) => [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow];
  // The element itself, its label and what is around it: a row may carry the ring of its box.
  const carriers = (one) => {
    const found = [one, ...(one.labels ?? [])];
    for (let around = one.parentElement, steps = 0; around && steps < 3; around = around.parentElement, steps += 1) found.push(around);
    return found;
  };
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const colours = new Map();
  const rgb = (colour) => {
    if (!colours.has(colour)) {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
      colours.set(colour, [...brush.getImageData(0, 0, 1, 1).data]);
    }
    return colours.get(colour);
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((one) => one / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const contrast = (one, other) => {
    const [bright, dark] = [light(one), light(other)].sort((x, y) => y - x);
    return (bright + 0.05) / (dark + 0.05);
  };
  const behind = (one) => {
    for (let around = one; around; around = around.parentElement) {
      const colour = rgb(getComputedStyle(around).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return rgb("Canvas");
  };
  const ringOf = (one, rest) => {
    for (const carrier of carriers(one)) {
      const style = getComputedStyle(carrier);
      const [outline, width, colour, shadow] = SIDES(style);
      const [outlineBefore, widthBefore, colourBefore, shadowBefore] = rest.get(carrier) ?? [];
      const changed = outline !== outlineBefore || width !== widthBefore || colour !== colourBefore;
      if (outline !== "none" && parseFloat(width) >= 2 && changed) {
        const ground = parseFloat(style.outlineOffset) < 0 ? carrier : (carrier.parentElement ?? carrier);
        // The browser's own ring ("auto") is two-coloured and shows on every ground.
        return outline === "auto" || contrast(rgb(colour), behind(ground)) >= 3 ? "" : "a ring that hardly shows";
      }
      if (shadow !== "none" && shadow !== shadowBefore) return "";
    }
    return "no ring";
  };

  // A menu lies over what follows while it is open; those are gone through one by one (menus in tabbing.py).
  const overlays = (details) => [...details.children].some((one) => ["absolute", "fixed"].includes(getComputedStyle(one).position));

  const state = { reached: new Set(), last: null, menu: null, expected: new Map(), rest: new Map(), notes: null };
  addEventListener("keyup", (event) => {
    if (event.key === "Tab") state.notes?.push(madangTabbing.stop());
  }, true);
  window.madangTabbing = {
    begin() {
      for (const details of document.querySelectorAll("details:not([name])")) details.open = !overlays(details);
      document.activeElement?.blur();
      for (const one of document.querySelectorAll(WANTED)) if (isStop(one)) state.expected.set(key(one), one);
      for (const one of document.querySelectorAll("*")) state.rest.set(one, SIDES(getComputedStyle(one)));
      scrollTo(0, 0);
      return state.expected.size;
    },
    menus() {
      return [...document.querySelectorAll("details")].filter((one) => drawn(one) && overlays(one)).length;
    },
    menu(number) {
      const one = [...document.querySelectorAll("details")].filter((it) => drawn(it) && overlays(it))[number];
      state.menu = one;
      one.open = false;
      one.querySelector("summary").focus();
    },
    inMenu() {
      return { open: state.menu.open, inside: state.menu.contains(document.activeElement), opener: document.activeElement === state.menu.querySelector("summary") };
    },
    again() {
      state.reached.clear();
      // The keyboard stands behind everything: where an element goes that has the focus, the browser looks on from there.
      const end = Object.assign(document.createElement("span"), { tabIndex: -1 });
      document.body.append(end);
      end.focus();
      end.remove();
      getSelection()?.removeAllRanges();
    },
    hear() {
      state.notes = [];
    },
    heard() {
      const notes = state.notes;
      state.notes = [];
      return notes;
    },
    deaf() {
      state.notes = null;
    },
    stop() {
      const one = document.activeElement;
      const all = () => [...state.expected.keys()].every((it) => state.reached.has(it));
      if (!one || one === document.body || one === document.documentElement) {
        state.last = null;
        return { left: true, faults: [], all: all(), inside: false };
      }
      // Whoever comes around to another stop that they know has left this one.
      const left = state.reached.has(key(one)) && state.last !== one;
      state.last = one;
      state.reached.add(key(one));
      const faults = [];
      const ring = ringOf(one, state.rest);
      if (ring) faults.push(`the keyboard stands on it with ${ring}: ${brief(one)}`);
      const area = one.getBoundingClientRect();
      const row = one.closest(".choice") ?? one.labels?.[0] ?? one;
      const seen = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5]].some(([across, down]) => {
        const top = document.elementFromPoint(area.left + area.width * across, area.top + area.height * down);
        return top !== null && (one.contains(top) || row.contains(top) || top.contains(one));
      });
      if (!seen) faults.push(`the keyboard stands on it and it is covered or out of sight: ${brief(one)}`);
      return { left, faults, html: brief(one), all: all(), inside: !!state.menu?.contains(one) };
    },
    missed() {
      return [...state.expected].filter(([it, one]) => !state.reached.has(it) && isStop(one)).map(([, one]) => brief(one));
    },
  };
}
