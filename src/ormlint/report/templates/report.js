"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const grids = [...document.querySelectorAll("details.grid")];
  const findings = [...document.querySelectorAll(".findings li")];
  const [q, kind, severity, collapse] = ["q", "kind", "severity", "collapse"].map($);

  // --- theme
  const root = document.documentElement;
  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const showTheme = () => $("theme").setAttribute("aria-pressed", String(dark()));
  const stored = (value) => {
    try { return value ? localStorage.setItem("ormlint-theme", value) : localStorage.getItem("ormlint-theme"); } catch { return null; }
  };
  if (["light", "dark"].includes(stored())) root.dataset.theme = stored();
  $("theme").addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; stored(root.dataset.theme); showTheme(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTheme);
  showTheme();

  // --- search and filters
  const apply = () => {
    const words = q.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = (element, kinds, severities) =>
      words.every((word) => element.dataset.text.includes(word)) &&
      (!kind.value || kinds.includes(kind.value)) && (!severity.value || severities.includes(severity.value));
    let models = 0, found = 0;
    for (const grid of grids) {
      grid.hidden = !wanted(grid, grid.dataset.kinds.split(" "), grid.dataset.severities.split(" "));
      models += !grid.hidden;
    }
    for (const item of findings) {
      item.hidden = !wanted(item, [item.dataset.kind], [item.dataset.severity]);
      found += !item.hidden;
    }
    $("count").textContent = `${found} of ${findings.length} findings, ${models} of ${grids.length} models`;
  };
  const fold = () => {
    document.body.classList.toggle("collapse", collapse.checked);
    for (const grid of document.querySelectorAll("details:is(.grid, .step)")) grid.open = !collapse.checked || !grid.classList.contains("step");
    for (const button of rest) whole(button, false);
  };
  const remember = () => {
    const state = new URLSearchParams();
    for (const field of [q, kind, severity]) if (field.value) state.set(field.id, field.value);
    history.replaceState(null, "", state.size ? `#?${state}` : "#");
  };
  const changed = () => { apply(); remember(); };
  const rest = [...document.querySelectorAll(".rest")];
  const whole = (button, all) => {
    button.closest(".grid").classList.toggle("whole", all);
    button.setAttribute("aria-expanded", String(all));
  };
  for (const button of rest) button.addEventListener("click", () => whole(button, !button.closest(".whole")));
  q.addEventListener("input", changed);
  kind.addEventListener("change", changed);
  severity.addEventListener("change", changed);
  collapse.addEventListener("change", fold);
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("filters").addEventListener("reset", () => setTimeout(() => { changed(); fold(); }));
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) { event.preventDefault(); q.focus(); }
    if (event.key === "Escape") hide();
  });

  // What a link leads to, and a table that scrolls by itself, must not be hidden by the bar that stays.
  new ResizeObserver(() => root.style.setProperty("--bar", `${$("filters").offsetHeight}px`)).observe($("filters"));

  // --- links to a model, a finding, or a search
  const follow = () => {
    const hash = decodeURIComponent(location.hash.slice(1));
    if (hash.startsWith("?")) {
      const state = new URLSearchParams(location.hash.slice(2));
      for (const field of [q, kind, severity]) field.value = state.get(field.id) || "";
      apply();
      $("findings").scrollIntoView();
      return;
    }
    const target = hash && $(hash);
    if (!target) return;
    target.hidden = false;
    if (target.matches("details.grid")) {
      target.open = true;
      target.querySelector("summary").focus({ preventScroll: true });
    }
    target.scrollIntoView();
  };
  addEventListener("hashchange", follow);
  // The browser looks for the fragment by itself when all is there, and takes the focus away from it.
  addEventListener("load", () => setTimeout(follow));

  // --- cells: the line that says so, and the arrow keys
  const tip = $("tip");
  let told = null; // the cell that the tip tells of
  let under = null; // the cell under the pointer
  let byKeys = false; // a page that scrolls under a resting pointer takes the tip from no cell that has the focus
  const cellOf = (event) => event.target.closest?.("table.m td") ?? null;
  const focused = () => document.activeElement.closest("table.m td");
  const tell = (cell) => {
    if (cell !== told) {
      told?.removeAttribute("aria-describedby");
      cell?.setAttribute("aria-describedby", "tip");
      if (cell) tip.replaceChildren(...said(cell));
      told = cell;
    }
    place();
  };
  const said = (cell) => {
    const layer = cell.closest("table").tHead.rows[0].cells[cell.cellIndex].textContent;
    const lines = [["b", `${cell.parentNode.cells[0].textContent}, ${layer}`], ["p", cell.textContent]];
    if (cell.dataset.note) lines.push(["p", cell.dataset.note.replaceAll("`", "")]);
    if (cell.dataset.at) lines.push(["code", cell.dataset.at]);
    if (cell.dataset.src) lines.push(["code", cell.dataset.src]);
    return lines.map(([name, text]) => Object.assign(document.createElement(name), { textContent: text }));
  };
  // The tip stays with its cell, wherever scrolling or a late layout moves that, for as long as it can be seen.
  const place = () => {
    const box = told?.getBoundingClientRect();
    tip.hidden = !box || !box.height || box.bottom < 0 || box.top > innerHeight;
    if (tip.hidden) return;
    const below = box.bottom + tip.offsetHeight + 8 < innerHeight;
    tip.style.top = `${below ? box.bottom + 4 : Math.max(4, box.top - tip.offsetHeight - 4)}px`;
    tip.style.left = `${Math.max(4, Math.min(box.left, innerWidth - tip.offsetWidth - 4))}px`;
  };
  const hide = () => tell(null);
  const matrix = $("matrix");
  const arm = (grid) => {
    const first = grid.querySelector("tbody tr:not(.ok) td") || grid.querySelector("tbody td");
    if (first && !grid.querySelector("td[tabindex]")) first.tabIndex = 0;
  };
  for (const grid of grids) {
    if (grid.open) arm(grid);
    grid.addEventListener("toggle", () => { if (grid.open) arm(grid); });
  }
  const point = (cell) => { under = cell; if (!byKeys) tell(under ?? focused()); };
  matrix.addEventListener("mouseover", (event) => point(cellOf(event)));
  matrix.addEventListener("mouseleave", () => point(null));
  addEventListener("pointermove", () => { if (byKeys) { byKeys = false; if (under) tell(under); } }, { passive: true });
  matrix.addEventListener("focusin", (event) => tell(cellOf(event)));
  matrix.addEventListener("focusout", () => tell(under));
  matrix.addEventListener("click", (event) => { const cell = cellOf(event); if (cell) go(cell); });
  for (const name of ["scroll", "resize"]) addEventListener(name, place, { capture: true, passive: true });
  const go = (cell) => {
    cell.closest("table").querySelector("td[tabindex]")?.removeAttribute("tabindex");
    cell.tabIndex = 0;
    cell.focus();
  };
  matrix.addEventListener("keydown", (event) => {
    const cell = cellOf(event);
    if (!cell) return;
    const rows = [...cell.closest("tbody").rows].filter((row) => row.offsetParent !== null);
    let row = rows.indexOf(cell.parentNode), column = cell.cellIndex;
    if (event.key === "ArrowRight") column += 1;
    else if (event.key === "ArrowLeft") column -= 1;
    else if (event.key === "ArrowDown") row += 1;
    else if (event.key === "ArrowUp") row -= 1;
    else if (event.key === "Home") column = 1;
    else if (event.key === "End") column = cell.parentNode.cells.length - 1;
    else return;
    event.preventDefault();
    byKeys = true;
    const next = rows[row]?.cells[column];
    if (next && next.tagName === "TD") go(next);
  });

  // --- paper has no folds, but for what is in step
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll(`details:not([open])${collapse.checked ? ":not(.step)" : ""}`)];
    for (const each of folded) each.open = true;
  });
  addEventListener("afterprint", () => { for (const each of folded) each.open = false; });

  apply();
  follow();
})();
