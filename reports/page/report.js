// Shared by all parts. Texts from a results file are only inserted as text.
"use strict";

const dualstack = {
  data: null,

  // An element with attributes and children; a string becomes text.
  el(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const key in attributes) {
      const value = attributes[key];
      if (value !== null && value !== undefined) element.setAttribute(key, value);
    }
    for (const child of children.flat()) {
      if (child !== null && child !== undefined && child !== "") element.append(child);
    }
    return element;
  },

  byId: (id) => document.getElementById(id),

  // The class, sign and name of a verdict; 0 is a cell without data.
  verdict(number) {
    const [style, sign, name] = dualstack.data.verdicts[number];
    return { style, sign, name };
  },

  // A verdict's sign; a screen reader reads the name instead.
  sign(number) {
    return dualstack.el("span", { class: "sign", "aria-hidden": "true" }, dualstack.verdict(number).sign);
  },

  count: (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`,
};
// The view, as stored in the fragment of the address: filters, and the open cell.
"use strict";

dualstack.state = {
  q: "", topic: "", tag: "", claim: "", differ: false,
  platforms: [], // keys of the columns shown; none means all
  verdicts: [],
  case: "", on: "",
};

dualstack.readState = function () {
  const said = new URLSearchParams(location.hash.slice(1));
  const state = dualstack.state;
  for (const name of ["q", "topic", "tag", "claim", "case", "on"]) state[name] = said.get(name) || "";
  state.differ = said.get("differ") === "1";
  state.platforms = said.getAll("platform");
  state.verdicts = said.getAll("verdict");
};

dualstack.fragment = function (changes) {
  const state = Object.assign({}, dualstack.state, changes);
  const said = new URLSearchParams();
  for (const name of ["q", "topic", "tag", "claim"]) if (state[name]) said.set(name, state[name]);
  for (const key of state.platforms) said.append("platform", key);
  for (const verdict of state.verdicts) said.append("verdict", verdict);
  if (state.differ) said.set("differ", "1");
  if (state.case) {
    said.set("case", state.case);
    said.set("on", state.on);
  }
  return "#" + said.toString();
};

// Filters replace the address; opening a cell adds an entry to the history.
dualstack.setState = function (changes, step) {
  const fragment = dualstack.fragment(changes);
  Object.assign(dualstack.state, changes);
  if (step) history.pushState({ opened: true }, "", fragment);
  else history.replaceState(history.state, "", fragment);
};
// The rows and columns that match the filters.
"use strict";

dualstack.model = {
  rows: [],

  // One row per case, with everything the text filter searches.
  build() {
    const { scenarios, topics, tags } = dualstack.data;
    for (const scenario of scenarios) {
      const words = [scenario.id, scenario.title, scenario.ask, topics[scenario.topic][1], ...(scenario.tags || []).map((tag) => tags[tag])];
      const text = words.join("\n").toLowerCase();
      for (const entry of scenario.cases) {
        this.rows.push({ scenario, entry, cells: entry.cells, text: `${text}\n${entry.row.toLowerCase()}` });
      }
    }
    this.texts = dualstack.data.answers.map(([, , text]) => text.toLowerCase());
    // What counts as an answer: neither unsupported, nor an error, nor no data.
    this.answered = dualstack.data.answers.map(([verdict]) => !["no-data", "unsupported", "error"].includes(dualstack.verdict(verdict).style));
  },

  find(key) {
    return this.rows.find((row) => row.entry.key === key);
  },

  columns(state) {
    const all = dualstack.data.columns.map((_, at) => at);
    const chosen = all.filter((at) => state.platforms.includes(dualstack.data.columns[at].key));
    return chosen.length ? chosen : all;
  },

  // Whether at least two of these platforms answered, and differently.
  differs(row, columns) {
    let first = -1;
    for (const at of columns) {
      const answer = row.cells[at];
      if (!this.answered[answer]) continue;
      const text = dualstack.data.answers[answer][1];
      if (first === -1) first = text;
      else if (first !== text) return true;
    }
    return false;
  },

  fits(state, columns) {
    const { topics, tags, claims, answers } = dualstack.data;
    const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    const inAnswers = words.map((word) => this.texts.map((text) => text.includes(word)));
    const tag = tags.indexOf(state.tag);
    const claim = claims.findIndex(([id]) => id === state.claim);
    const verdicts = new Set(state.verdicts);
    const wanted = answers.map(([verdict]) => verdicts.has(dualstack.verdict(verdict).style));
    return (row) =>
      (!state.topic || topics[row.scenario.topic][0] === state.topic) &&
      (!state.tag || (row.scenario.tags || []).includes(tag)) &&
      (!state.claim || (row.entry.claims || []).includes(claim)) &&
      words.every((word, at) => row.text.includes(word) || columns.some((column) => inAnswers[at][row.cells[column]])) &&
      (!verdicts.size || columns.some((column) => wanted[row.cells[column]])) &&
      (!state.differ || this.differs(row, columns));
  },

  // Columns in groups: each alone, or those together that give the same answer in every row shown.
  group(columns, rows, alike) {
    if (!alike || !rows.length) return columns.map((at) => [at]);
    const groups = new Map();
    for (const at of columns) {
      const answers = rows.map((row) => row.cells[at]).join();
      if (groups.has(answers)) groups.get(answers).push(at);
      else groups.set(answers, [at]);
    }
    return [...groups.values()];
  },

  // The lines of the table: topics, scenarios of several cases, cases.
  lines(rows) {
    const lines = [];
    let topic = -1;
    let scenario = null;
    for (const row of rows) {
      if (row.scenario.topic !== topic) {
        topic = row.scenario.topic;
        lines.push({ kind: "topic", topic });
      }
      const alone = row.scenario.cases.length === 1;
      if (row.scenario !== scenario && !alone) lines.push({ kind: "scenario", scenario: row.scenario });
      scenario = row.scenario;
      lines.push({ kind: "case", row, alone });
    }
    return lines;
  },

  view(state) {
    const columns = this.columns(state);
    const rows = this.rows.filter(this.fits(state, columns));
    return { rows, groups: this.group(columns, rows, state.differ), lines: this.lines(rows), grouped: state.differ };
  },
};
// The table. Only the visible lines are in the document: 5,000 rows of 30
// cells would be too many. Keys move the focus from cell to cell.
"use strict";

dualstack.grid = {
  HEIGHT: { topic: 38, scenario: 32 },
  LINE: 16.25, // the height of a line of text in a cell
  MOST: 6, // lines of text in a cell
  BEYOND: 260, // pixels above and below the visible part
  drawn: new Map(),
  at: { line: -1, cell: 1 },

  start(onOpen) {
    const { el, byId } = dualstack;
    this.pane = byId("pane");
    this.table = byId("matrix");
    this.above = el("tr", { class: "room", "aria-hidden": "true" });
    this.below = el("tr", { class: "room", "aria-hidden": "true" });
    this.body = el("tbody", null, this.above, this.below);
    this.pane.addEventListener("scroll", () => this.soon(), { passive: true });
    new ResizeObserver(() => this.layout()).observe(this.pane);
    this.pane.addEventListener("keydown", (event) => this.key(event));
    this.table.addEventListener("focusin", (event) => this.focused(event.target));
    this.table.addEventListener("click", (event) => {
      const link = event.target.closest("a.cell");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      onOpen(link.dataset.case, link.dataset.on);
    });
  },

  show(view) {
    this.view = view;
    this.at = { line: -1, cell: 1 };
    this.table.replaceChildren(this.head(), this.body);
    this.table.setAttribute("aria-rowcount", view.lines.length + 1);
    this.table.setAttribute("aria-colcount", view.groups.length + 1);
    this.layout();
  },

  // Widths and heights, from the available space.
  layout() {
    if (!this.view) return;
    const room = this.pane.clientWidth;
    const phone = room < 600;
    const least = phone ? 108 : 96;
    const count = this.view.groups.length;
    const share = phone ? 0.36 : count > 6 ? 0.175 : 0.27;
    let label = Math.round(Math.min(Math.max(room * share, phone ? 132 : 190), 400));
    if (count < 3 && !phone) label = Math.round(Math.min(room * 0.45, 620));
    const column = Math.max(Math.floor((room - label) / count), least);
    label = Math.max(label, room - column * count);
    this.rooms = { text: column - 26, label: label - (phone ? 28 : 46) };
    const style = this.table.style;
    style.width = `${label + column * count}px`;
    style.setProperty("--label", `${label}px`);
    this.measure();
    this.clear();
    this.draw();
  },

  // How a text fits a width: its pieces, its size, and the lines that it
  // takes. A long word is made smaller, down to three quarters, before it is
  // broken, and it is broken after a punctuation mark if possible.
  fit(text, room) {
    const known = `${room}|${text}`;
    if (!this.fits.has(known)) this.fits.set(known, this.wrap(text, room));
    return this.fits.get(known);
  },

  fits: new Map(),

  width(text) {
    if (!this.ruler) {
      this.ruler = document.createElement("canvas").getContext("2d");
      this.ruler.font = `12.5px ${getComputedStyle(this.table).fontFamily}`;
    }
    return this.ruler.measureText(text).width;
  },

  wrap(text, room) {
    const least = 0.76;
    const fits = (word) => this.width(word.trimEnd()) * least <= room;
    const pieces = text.split(/(?<=\s)/).flatMap((word) => (fits(word) ? [word] : word.split(/(?<=[:_/,])(?=[^:_/,\s])/)));
    const widths = pieces.map((piece) => this.width(piece.trimEnd()));
    const scale = Math.max(least, Math.min(1, room / Math.max(1, ...widths)));
    const blank = this.width(" ");
    let lines = 1;
    let left = room;
    widths.forEach((width, at) => {
      const needed = width * scale;
      if (needed > left + 1 && at) {
        lines += 1;
        left = room;
      }
      if (needed > room) lines += Math.ceil(needed / room) - 1;
      left -= needed % room + (/\s$/.test(pieces[at]) ? blank * scale : 0);
    });
    return { pieces, size: scale < 1 ? `${(scale * 12.5).toFixed(2)}px` : "", lines: Math.min(lines, this.MOST) };
  },

  fitted(text) {
    const { el } = dualstack;
    const { pieces, size } = this.fit(text, this.rooms.text);
    const shown = el("span", { class: "text" }, pieces.flatMap((piece, at) => (at ? [el("wbr"), piece] : [piece])));
    if (size) shown.style.fontSize = size;
    return shown;
  },

  measure() {
    let top = 0;
    this.tops = this.view.lines.map((line) => {
      const here = top;
      top += this.height(line);
      return here;
    });
    this.tops.push(top);
  },

  height(line) {
    return this.HEIGHT[line.kind] || Math.ceil(this.textLines(line) * this.LINE) + 12;
  },

  // The lines of the longest text in a row.
  textLines({ row, alone }) {
    const { answers } = dualstack.data;
    let most = this.fit(alone ? row.scenario.title : row.entry.row, this.rooms.label).lines;
    for (const [at] of this.view.groups) {
      most = Math.max(most, this.fit(answers[row.cells[at]][2], this.rooms.text).lines);
      if (most === this.MOST) break;
    }
    return most;
  },

  clear() {
    for (const element of this.drawn.values()) element.remove();
    this.drawn.clear();
  },

  soon() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  },

  // The first line that ends below `y`.
  lineAt(y) {
    let low = 0;
    let high = this.view.lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.tops[middle + 1] <= y) low = middle + 1;
      else high = middle;
    }
    return low;
  },

  draw() {
    const { lines } = this.view;
    const top = this.pane.scrollTop;
    const first = this.lineAt(Math.max(0, top - this.BEYOND));
    const end = Math.min(lines.length, this.lineAt(top + this.pane.clientHeight + this.BEYOND) + 1);
    const held = this.table.contains(document.activeElement);
    for (const [at, element] of this.drawn) {
      if (at < first || at >= end) {
        element.remove();
        this.drawn.delete(at);
      }
    }
    let next = this.above.nextSibling;
    for (let at = first; at < end; at += 1) {
      let element = this.drawn.get(at);
      if (!element) {
        element = this.line(lines[at], at);
        this.drawn.set(at, element);
        this.body.insertBefore(element, next);
      }
      next = element.nextSibling;
    }
    this.above.style.height = `${this.tops[first]}px`;
    this.below.style.height = `${this.tops[lines.length] - this.tops[end]}px`;
    // If the focused cell was scrolled away, the pane gets the keys.
    if (held && !this.table.contains(document.activeElement)) this.pane.focus({ preventScroll: true });
  },

  head() {
    const { el } = dualstack;
    const { groups, grouped } = this.view;
    const corner = el("th", { scope: "col", class: "corner" }, el("span", null, "Case"));
    if (!grouped) corner.setAttribute("rowspan", 2);
    const names = groups.map((group) => this.columnHead(group, grouped));
    const label = el("col", { class: "label-column" });
    const columns = el("colgroup", null, label, groups.map(() => el("col")));
    const row = (...cells) => el("tr", null, ...cells);
    const rows = grouped ? [row(corner, ...names)] : [row(corner, ...this.families(groups)), row(...names)];
    const head = el("thead", null, ...rows);
    const fragment = document.createDocumentFragment();
    fragment.append(columns, head);
    return fragment;
  },

  families(groups) {
    const { el, data } = dualstack;
    const cells = [];
    let last = null;
    for (const [at] of groups) {
      const { family } = data.columns[at];
      if (last && last.family === family) last.span += 1;
      else cells.push((last = { family, span: 1 }));
    }
    return cells.map(({ family, span }) => el("th", { scope: "colgroup", colspan: span, class: "family" }, el("span", null, family)));
  },

  columnHead(group, grouped) {
    const { el, data } = dualstack;
    const names = group.map((at) => data.columns[at]);
    const title = names.map((column) => `${column.name}: ${column.edition}, ${column.build}`).join("\n");
    const link = (column) => el("a", { href: `platforms.html#${encodeURIComponent(column.key)}`, tabindex: "-1" }, column.name);
    const version = (column) => el("span", { class: "version" }, grouped && column.version ? ` ${column.version}` : column.version);
    const all = names.map((column) => el("span", { class: "name" }, link(column), version(column)));
    return el("th", { scope: "col", title, class: grouped ? "names" : "" }, all);
  },

  line(line, at) {
    const { el } = dualstack;
    const row = el("tr", { "aria-rowindex": at + 2, class: `line ${line.kind}` });
    if (line.kind === "case") {
      row.style.setProperty("--row", `${this.height(line)}px`);
      row.style.setProperty("--lines", this.textLines(line));
    }
    row.append(...this[line.kind](line));
    return row;
  },

  topic(line) {
    const { el, data } = dualstack;
    return [el("th", { colspan: this.view.groups.length + 1, scope: "rowgroup" }, el("span", null, data.topics[line.topic][1]))];
  },

  scenario({ scenario }) {
    const { el } = dualstack;
    const link = el("a", { href: scenario.page, tabindex: "-1", class: "row-link" }, scenario.title);
    const ask = el("span", { class: "ask" }, scenario.ask);
    return [el("th", { colspan: this.view.groups.length + 1, scope: "rowgroup" }, el("span", null, link, ask))];
  },

  case({ row, alone }) {
    const { el } = dualstack;
    const { scenario, entry } = row;
    const link = el("a", { href: `${scenario.page}#${entry.anchor}`, tabindex: "-1", class: "row-link" }, alone ? scenario.title : entry.row);
    const title = alone ? `${scenario.title}\n${scenario.ask}` : `${scenario.title}\n${entry.row}`;
    const label = el("th", { scope: "row", title, class: alone ? "alone" : "" }, link);
    return [label, ...this.view.groups.map(([at]) => this.cell(row, at))];
  },

  cell({ entry, cells }, at) {
    const { el, data } = dualstack;
    const [verdict, , text] = data.answers[cells[at]];
    const { style, name } = dualstack.verdict(verdict);
    const on = data.columns[at].key;
    const href = dualstack.fragment({ case: entry.key, on });
    const said = text === name ? [] : [el("span", { class: "hidden" }, `, ${name}`)];
    const link = el("a", { href, class: "cell", tabindex: "-1", "data-case": entry.key, "data-on": on, title: `${text}\n${name}` },
      dualstack.sign(verdict), " ", this.fitted(text), said);
    return el("td", { class: style }, link);
  },

  // The links of a line, which the keys move between.
  stops(at) {
    const element = this.drawn.get(at);
    return element ? [...element.querySelectorAll("a")] : [];
  },

  focused(target) {
    const row = target.closest("tr.line");
    if (!row) return;
    const line = Number(row.getAttribute("aria-rowindex")) - 2;
    const cell = this.stops(line).indexOf(target.closest("a"));
    if (cell >= 0) this.at = { line, cell: this.view.lines[line].kind === "case" ? cell : this.at.cell };
  },

  go(line, cell, step) {
    const { lines, groups } = this.view;
    let to = Math.min(Math.max(line, 0), lines.length - 1);
    while (lines[to] && lines[to].kind === "topic") to += step || 1;
    if (!lines[to]) return;
    const column = Math.min(Math.max(cell, 0), groups.length);
    this.reveal(to);
    const stops = this.stops(to);
    const stop = stops[Math.min(column, stops.length - 1)];
    this.at = { line: to, cell: column };
    if (stop) {
      stop.focus({ preventScroll: true });
      this.revealAcross(stop);
    }
  },

  // Scrolls a line into view, below the sticky heads.
  reveal(line) {
    const head = this.table.tHead.offsetHeight;
    const top = this.tops[line];
    const bottom = this.tops[line + 1];
    if (top < this.pane.scrollTop) this.pane.scrollTop = top - this.HEIGHT.topic;
    else if (bottom > this.pane.scrollTop + this.pane.clientHeight - head) this.pane.scrollTop = bottom - this.pane.clientHeight + head;
    this.draw();
  },

  revealAcross(stop) {
    const cell = stop.closest("td");
    if (!cell) return;
    const label = this.table.tHead.rows[0].cells[0].offsetWidth;
    const left = cell.offsetLeft;
    if (left < this.pane.scrollLeft + label) this.pane.scrollLeft = left - label;
    else if (left + cell.offsetWidth > this.pane.scrollLeft + this.pane.clientWidth) this.pane.scrollLeft = left + cell.offsetWidth - this.pane.clientWidth;
  },

  key(event) {
    if (event.altKey || event.metaKey || !this.view) return;
    const { line, cell } = this.at;
    const page = Math.max(1, Math.floor(this.pane.clientHeight / 34) - 3);
    const last = this.view.lines.length - 1;
    const far = event.ctrlKey;
    const moves = {
      ArrowDown: [line + 1, cell, 1], ArrowUp: [line - 1, cell, -1],
      ArrowRight: [line, cell + 1, 1], ArrowLeft: [line, cell - 1, 1],
      PageDown: [line + page, cell, 1], PageUp: [line - page, cell, -1],
      Home: [far ? 0 : line, 0, 1], End: [far ? last : line, this.view.groups.length, far ? -1 : 1],
    };
    const move = moves[event.key];
    if (!move || (far && !["Home", "End"].includes(event.key))) return;
    event.preventDefault();
    this.go(...move);
  },

  // Focuses a cell, if it is shown.
  focusCell(key, on) {
    const line = this.view.lines.findIndex((line) => line.kind === "case" && line.row.entry.key === key);
    const group = this.view.groups.findIndex((group) => group.some((at) => dualstack.data.columns[at].key === on));
    if (line >= 0 && group >= 0) this.go(line, group + 1);
    else this.pane.focus();
  },
};
// The details of a cell: the calls and what each returned, the expectation and
// its source, the system, the advice. Its data is loaded on demand, as a script,
// because a page from a disk may not fetch anything.
"use strict";

dualstack.details = new Map();
dualstack.detail = (path, detail) => dualstack.details.set(path, detail);

dualstack.load = function (path) {
  if (dualstack.details.has(path)) return Promise.resolve(dualstack.details.get(path));
  return new Promise((resolve, reject) => {
    const script = dualstack.el("script", { src: path });
    script.addEventListener("load", () => resolve(dualstack.details.get(path)));
    script.addEventListener("error", () => reject(new Error(`${path} cannot be loaded`)));
    document.head.append(script);
  });
};

dualstack.cell = {
  start(onClose) {
    this.dialog = dualstack.byId("cell");
    this.content = dualstack.byId("cell-content");
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      onClose();
    });
    // A click outside the panel is on the dialog itself.
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog || event.target.closest(".close")) onClose();
    });
  },

  close() {
    if (this.dialog.open) this.dialog.close();
  },

  async open(key, on) {
    const row = dualstack.model.find(key);
    const at = dualstack.data.columns.findIndex((column) => column.key === on);
    if (!row || at < 0) return this.draw(this.missing(key, on));
    this.wanted = `${key}\n${on}`;
    try {
      const detail = await dualstack.load(row.scenario.detail);
      if (this.wanted === `${key}\n${on}`) this.draw(this.panel(row, at, detail));
    } catch (error) {
      this.draw([this.bar("Not loaded"), dualstack.el("p", null, error.message)]);
    }
  },

  draw(children) {
    this.content.replaceChildren(...children);
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.scrollTop = 0;
    dualstack.byId("cell-title").focus();
  },

  missing(key, on) {
    return [this.bar("No such cell"), dualstack.el("p", null, `This report has no case ${key} on ${on}.`)];
  },

  bar(title, above) {
    const { el } = dualstack;
    return el("header", null,
      el("div", null, above, el("h2", { id: "cell-title", tabindex: "-1" }, title)),
      el("button", { type: "button", class: "close", "aria-label": "Close" }, "×"));
  },

  panel(row, at, detail) {
    const { el, data } = dualstack;
    const column = data.columns[at];
    const about = detail.cases[row.scenario.cases.indexOf(row.entry)];
    const cell = about.cells[at];
    const text = (number) => detail.texts[number];
    const above = el("p", { class: "on" }, `${column.name}, ${column.family} ${column.version}`);
    const parts = [
      this.bar(row.scenario.title, above),
      row.entry.row ? el("p", { class: "row-name" }, row.entry.row) : null,
      el("p", { class: "ask" }, row.scenario.ask),
      this.answer(row.cells[at], cell, text),
      cell ? this.expectation(about, cell) : this.documented(about),
      cell ? this.calls(about, cell, text) : null,
      this.elsewhere(row, at),
      detail.advice ? this.section("Advice", el("p", null, detail.advice)) : null,
      detail.about ? this.section("Background", el("p", null, detail.about)) : null,
      this.system(column, about, cell),
      this.again(row, about, cell, text),
    ];
    return parts.filter(Boolean);
  },

  section: (title, ...children) => dualstack.el("section", null, dualstack.el("h3", null, title), ...children),

  answer(number, cell, text) {
    const { el, data } = dualstack;
    const [verdict] = data.answers[number];
    const { style, name } = dualstack.verdict(verdict);
    const has = cell && cell.answer !== undefined;
    const said = has ? text(cell.answer) : name;
    return el("div", { class: `verdict-box ${style}` },
      el("p", { class: "answer" }, dualstack.sign(verdict), " ", el("span", { class: "text" }, said)),
      has ? el("p", { class: "verdict" }, name) : null,
      cell && cell.why !== undefined ? el("p", { class: "why" }, text(cell.why)) : null,
      cell ? null : el("p", { class: "why" }, "The case was not run on this platform. There is no answer."));
  },

  expectation(about, cell) {
    const { el } = dualstack;
    const parts = [];
    if (cell.expected !== undefined) {
      const [on, answer, source] = about.expect[cell.expected];
      parts.push(el("p", null, el("span", { class: "text" }, answer)), el("p", { class: "muted" }, `on ${on}: ${source}`));
    } else {
      parts.push(el("p", { class: "muted" }, "No source says what the answer should be here."));
    }
    if (cell.known !== undefined) {
      const [on, answer, reason, source] = about.known[cell.known];
      parts.push(el("p", null, "Known difference: ", el("span", { class: "text" }, answer)),
        el("p", { class: "muted" }, `on ${on}: ${[reason, source].filter(Boolean).join(" ")}`));
    }
    return this.section("Expected", ...parts);
  },

  documented(about) {
    const { el } = dualstack;
    if (!about.expect.length) return null;
    const entries = about.expect.map(([on, answer, source]) =>
      el("div", null, el("dt", null, on), el("dd", null, el("span", { class: "text" }, answer), " ", el("span", { class: "muted" }, source))));
    return this.section("Documented, not measured", el("dl", { class: "sources" }, ...entries));
  },

  calls(about, cell, text) {
    const { el } = dualstack;
    const trace = cell.trace || [];
    const lines = [];
    for (let at = 0; at < trace.length; at += 2) {
      lines.push(el("li", null, el("code", null, text(trace[at])), " ", el("span", { class: "result" }, text(trace[at + 1]))));
    }
    for (const step of about.steps.slice(trace.length / 2)) {
      lines.push(el("li", { class: "unreached" }, el("code", null, text(step)), " ", el("span", { class: "result" }, "not reached")));
    }
    const probes = (cell.probes || []).map((probe) => el("li", null, el("code", null, text(probe))));
    const parts = [];
    if (probes.length) parts.push(this.section("The probe that shows it", el("ol", { class: "trace" }, ...probes)));
    if (lines.length) parts.push(this.section("Calls", el("ol", { class: "trace" }, ...lines)));
    if (cell.stderr !== undefined) parts.push(this.section("Standard error of the agent", el("pre", { tabindex: "0" }, text(cell.stderr))));
    return el("div", null, ...parts);
  },

  // The other platforms, by their answers.
  elsewhere(row, at) {
    const { el, data } = dualstack;
    const groups = new Map();
    data.columns.forEach((_, column) => {
      const answer = row.cells[column];
      if (!groups.has(answer)) groups.set(answer, []);
      groups.get(answer).push(column);
    });
    if (data.columns.length < 2) return null;
    const items = [...groups].map(([answer, columns]) => {
      const [verdict, , text] = data.answers[answer];
      const links = columns.map((column) => {
        const { key, name } = data.columns[column];
        const here = column === at;
        return el("a", { class: "platform", href: dualstack.fragment({ case: row.entry.key, on: key }), "aria-current": here ? "true" : null }, name);
      });
      const spaced = links.flatMap((link) => [link, " "]);
      return el("li", { class: dualstack.verdict(verdict).style },
        el("p", { class: "answer" }, dualstack.sign(verdict), " ", el("span", { class: "text" }, text)), el("p", { class: "platforms" }, ...spaced));
    });
    return this.section("All platforms", el("ul", { class: "answers" }, ...items));
  },

  system(column, about, cell) {
    const { el } = dualstack;
    const pair = (name, value) => (value ? el("div", null, el("dt", null, name), el("dd", null, value)) : null);
    const conditions = cell && cell.conditions !== undefined ? column.conditions[cell.conditions] : null;
    const settings = conditions ? conditions.settings.map(([name, value]) => pair(el("code", null, name), el("code", null, value))) : [];
    const probes = conditions ? conditions.probes.map((probe) => el("li", null, el("code", null, probe))) : [];
    return this.section("System",
      el("dl", { class: "facts" },
        pair("Edition", column.edition), pair("Build", el("code", null, column.build)), pair("Measured", column.started),
        pair("Requires", about.requires), pair("Set up by", conditions && conditions.means.join(", "))),
      settings.length ? el("dl", { class: "settings" }, ...settings) : null,
      probes.length ? el("details", null, el("summary", null, "Probes before the run"), el("ol", { class: "trace" }, ...probes)) : null);
  },

  again(row, about, cell, text) {
    const { el, data } = dualstack;
    const claims = (row.entry.claims || []).map((claim) => el("a", { href: `claims.html#${encodeURIComponent(data.claims[claim][0])}` }, data.claims[claim][0]));
    const spaced = claims.flatMap((link) => [" ", link]);
    return this.section("Run it again",
      cell ? el("p", null, el("code", { class: "command" }, text(cell.command))) : null,
      el("p", null, el("a", { href: `${row.scenario.page}#${row.entry.anchor}` }, "The scenario's page"), claims.length ? " · Claims" : "", ...spaced));
  },
};
// The filters: from the controls to the state and back.
"use strict";

dualstack.filters = {
  NONE: { q: "", topic: "", tag: "", claim: "", differ: false, platforms: [], verdicts: [] },

  start(onChange) {
    const { byId } = dualstack;
    this.onChange = onChange;
    this.form = byId("filters");
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("reset", (event) => {
      event.preventDefault();
      this.change(this.NONE);
    });
    byId("reset-nothing").addEventListener("click", () => this.change(this.NONE));
    for (const name of ["q", "topic", "tag", "claim"]) {
      const control = byId(`filter-${name}`);
      if (control) control.addEventListener("input", () => this.change({ [name]: control.value }));
    }
    const differ = byId("filter-differ");
    differ.addEventListener("change", () => this.change({ differ: differ.checked }));
    byId("platforms").addEventListener("change", () => this.change({ platforms: this.chosen() }));
    this.chips = [...document.querySelectorAll(".chip[data-verdict]")];
    for (const chip of this.chips) chip.addEventListener("click", () => this.toggle(chip.dataset.verdict));
    document.addEventListener("click", (event) => this.closeChooser(event.target));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && byId("platforms").contains(event.target)) this.closeChooser(document.body);
    });
  },

  change(changes) {
    dualstack.setState(changes);
    this.onChange();
  },

  // The platforms that are checked; none and all both mean no filter.
  chosen() {
    const boxes = [...this.form.querySelectorAll("input[name=platform]")];
    const ticked = boxes.filter((box) => box.checked);
    return ticked.length === boxes.length ? [] : ticked.map((box) => box.value);
  },

  toggle(verdict) {
    const { verdicts } = dualstack.state;
    this.change({ verdicts: verdicts.includes(verdict) ? verdicts.filter((known) => known !== verdict) : [...verdicts, verdict] });
  },

  closeChooser(target) {
    const chooser = dualstack.byId("platforms");
    if (!chooser.open || chooser.contains(target)) return;
    chooser.open = false;
    if (target === document.body) chooser.querySelector("summary").focus();
  },

  // Shows the state in the controls.
  sync() {
    const { byId, state } = dualstack;
    for (const name of ["q", "topic", "tag", "claim"]) {
      const control = byId(`filter-${name}`);
      if (control && control.value !== state[name]) control.value = state[name];
    }
    byId("filter-differ").checked = state.differ;
    const boxes = [...this.form.querySelectorAll("input[name=platform]")];
    for (const box of boxes) box.checked = !state.platforms.length || state.platforms.includes(box.value);
    byId("platform-count").textContent = state.platforms.length ? `${state.platforms.length} of ${boxes.length}` : "all";
    for (const chip of this.chips) chip.setAttribute("aria-pressed", state.verdicts.includes(chip.dataset.verdict));
    const filtered = dualstack.fragment({ case: "" }) !== "#";
    byId("reset").disabled = !filtered;
  },
};
// Connects the parts.
"use strict";

dualstack.main = {
  start() {
    dualstack.model.build();
    dualstack.grid.start((key, on) => this.open(key, on));
    dualstack.cell.start(() => this.close());
    dualstack.filters.start(() => this.show());
    addEventListener("popstate", () => this.follow());
    this.follow();
    document.documentElement.dataset.ready = "true";
  },

  // Applies the address.
  follow() {
    dualstack.readState();
    this.show();
    const { case: key, on } = dualstack.state;
    if (!key) return this.closed();
    this.opener = [key, on];
    dualstack.cell.open(key, on);
  },

  show() {
    dualstack.filters.sync();
    const shown = dualstack.fragment({ case: "" });
    if (shown === this.shown) return;
    this.shown = shown;
    const view = dualstack.model.view(dualstack.state);
    dualstack.byId("pane").scrollTop = 0;
    dualstack.grid.show(view);
    dualstack.byId("nothing").hidden = view.rows.length > 0;
    this.tell(view);
  },

  tell(view) {
    const all = dualstack.model.rows.length;
    const { count } = dualstack;
    const rows = view.rows.length === all ? count(all, "case") : `${view.rows.length.toLocaleString("en")} of ${count(all, "case")}`;
    const columns = view.groups.flat().length;
    const groups = view.grouped && view.rows.length && view.groups.length < columns ? `, ${count(columns, "platform")} in ${count(view.groups.length, "group")} of equal answers` : "";
    dualstack.byId("status").textContent = rows + groups;
  },

  open(key, on) {
    this.opener = [key, on];
    dualstack.setState({ case: key, on }, true);
    dualstack.cell.open(key, on);
  },

  close() {
    if (history.state && history.state.opened) history.back();
    else {
      dualstack.setState({ case: "", on: "" });
      this.closed();
    }
  },

  // The cell that was opened gets the focus again.
  closed() {
    if (!dualstack.byId("cell").open) return;
    dualstack.cell.close();
    if (this.opener) dualstack.grid.focusCell(...this.opener);
  },
};

document.addEventListener("DOMContentLoaded", () => dualstack.main.start());
