// The table. Only the visible lines are in the document: 5,000 rows of 30
// cells would be too many. Keys move the focus from cell to cell.
"use strict";

dualstack.grid = {
  HEIGHT: { topic: 38, scenario: 32 },
  LINE: 16.25, // the height of a line of text in a cell
  MOST: 6, // lines of text in a cell
  SMALLEST: 0.88, // of 12.5 pixels: nothing is smaller than 11
  BESIDE: 26, // pixels of a column beside its text
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
    const name = this.width("EADDRNOTAVAIL") * this.SMALLEST + this.BESIDE;
    const least = Math.max(phone ? 118 : 104, Math.ceil(name));
    const count = this.view.groups.length;
    const share = phone ? 0.36 : count > 6 ? 0.175 : 0.27;
    let label = Math.round(Math.min(Math.max(room * share, phone ? 132 : 190), 400));
    if (count < 3 && !phone) label = Math.round(Math.min(room * 0.45, 620));
    const column = Math.max(Math.floor((room - label) / count), least);
    label = Math.max(label, room - column * count);
    this.rooms = { text: column - this.BESIDE, label: label - (phone ? 28 : 46) };
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
    const least = this.SMALLEST;
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
      most = Math.max(most, this.fit(answers[dualstack.model.cell(row, at)][2], this.rooms.text).lines);
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

  // Every line, for a printer.
  drawAll() {
    if (!this.view) return;
    this.clear();
    const lines = this.view.lines.map((line, at) => {
      const element = this.line(line, at);
      this.drawn.set(at, element);
      return element;
    });
    this.above.style.height = this.below.style.height = "0";
    this.above.after(...lines);
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
      const family = dualstack.model.isMeasured(at) ? data.columns[at].family : "documented";
      if (last && last.family === family) last.span += 1;
      else cells.push((last = { family, span: 1 }));
    }
    return cells.map(({ family, span }) => el("th", { scope: "colgroup", colspan: span, class: "family" }, el("span", null, family)));
  },

  columnHead(group, grouped) {
    const { el, data } = dualstack;
    if (!dualstack.model.isMeasured(group[0])) return this.documentedHead(group[0], grouped);
    const columns = group.map((at) => data.columns[at]);
    const title = columns.map((column) => `${column.name}: ${column.edition}, ${column.build}`).join("\n");
    const link = (column) => el("a", { href: `platforms.html#${encodeURIComponent(column.key)}`, tabindex: "-1" }, column.name);
    if (group.length > 1) {
      const names = columns.flatMap((column, at) => [at ? ", " : "", link(column)]);
      const apart = dualstack.fragment({ platforms: columns.map((column) => column.key), split: true, case: "" });
      return el("th", { scope: "col", title, class: "names" },
        el("span", { class: "name" }, el("b", null, this.label(columns))),
        el("span", { class: "version" }, ...names, " · ", el("a", { href: apart, class: "apart", tabindex: "-1" }, "apart"), ...this.compare(group)));
    }
    const [column] = columns;
    const version = grouped ? ` ${column.family} ${column.version}`.trimEnd() : column.version;
    return el("th", { scope: "col", title, class: grouped ? "names" : "" },
      el("span", { class: "name" }, link(column), el("span", { class: "version" }, version, ...this.compare(group))));
  },

  // A link to where a column differs from the first.
  compare([at]) {
    const { el, data } = dualstack;
    const [first] = this.view.groups[0];
    if (at === first) return [];
    const platforms = [first, at].map((column) => data.columns[column].key);
    const href = dualstack.fragment({ platforms, differ: true, split: false, case: "" });
    const title = `Where it differs from ${data.columns[first].name}`;
    return [" · ", el("a", { href, title, class: "apart", tabindex: "-1" }, "compare")];
  },

  documentedHead(at, grouped) {
    const { el, data } = dualstack;
    const [, name] = data.documented[at - data.columns.length];
    return el("th", { scope: "col", class: grouped ? "names" : "" },
      el("span", { class: "name" }, el("b", null, name), el("span", { class: "version" }, " not measured")));
  },

  // `Linux 5.10–7.3`
  label(columns) {
    const families = new Map();
    for (const { family, version } of columns) families.set(family, [...(families.get(family) || []), version]);
    const numbers = (version) => (version.match(/\d+/g) || []).map(Number);
    const order = (a, b) => {
      const [x, y] = [numbers(a), numbers(b)];
      const at = x.findIndex((number, at) => number !== y[at]);
      return at === -1 ? x.length - y.length : x[at] - (y[at] ?? -1);
    };
    return [...families].map(([family, versions]) => {
      const sorted = [...versions].sort(order);
      const [first, last] = [sorted[0], sorted[sorted.length - 1]];
      return `${family} ${first === last ? first : `${first}–${last}`}`.trim();
    }).join(", ");
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

  cell(row, at) {
    const { el, data } = dualstack;
    const [verdict, , text] = data.answers[dualstack.model.cell(row, at)];
    const { style, name } = dualstack.verdict(verdict);
    const said = text === name ? [] : [el("span", { class: "hidden" }, `, ${name}`)];
    const shown = [dualstack.sign(verdict), " ", this.fitted(text), said];
    if (!dualstack.model.isMeasured(at)) {
      const source = `${row.scenario.page}#${row.entry.anchor}`;
      const link = el("a", { href: source, class: "cell", tabindex: "-1", title: `${text}\n${name}` }, ...shown);
      return el("td", { class: style }, link);
    }
    const on = data.columns[at].key;
    const href = dualstack.fragment({ case: row.entry.key, on });
    const link = el("a", { href, class: "cell", tabindex: "-1", "data-case": row.entry.key, "data-on": on, title: `${text}\n${name}` }, ...shown);
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
    if (this.table.tHead.contains(event.target)) return this.keyInHead(event);
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
    const first = this.view.lines.findIndex(({ kind }) => kind !== "topic");
    if (event.key === "ArrowUp" && line <= first && event.target !== this.pane) this.goToHead(cell);
    else this.go(...move);
  },

  // Above the first line are the links of the heads: platforms, `apart`, `compare`.
  goToHead(cell) {
    const head = this.table.tHead.querySelectorAll("tr:last-child th")[cell];
    const link = (head && head.querySelector("a")) || this.table.tHead.querySelector("a");
    if (link) link.focus();
  },

  keyInHead(event) {
    const links = [...this.table.tHead.querySelectorAll("a")];
    const at = links.indexOf(event.target);
    const ends = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: links.length - 1 };
    if (event.key === "ArrowDown") {
      const column = [...event.target.closest("tr").cells].indexOf(event.target.closest("th"));
      this.go(0, Math.max(column, 0), 1);
    } else if (event.key in ends) {
      links[Math.min(Math.max(ends[event.key], 0), links.length - 1)].focus();
    } else return;
    event.preventDefault();
  },

  // Brings a case into view, behind the panel that its cell opens.
  revealCase(key) {
    const line = this.view.lines.findIndex((line) => line.kind === "case" && line.row.entry.key === key);
    if (line >= 0) this.reveal(line);
  },

  // Focuses a cell, if it is shown.
  focusCell(key, on) {
    const line = this.view.lines.findIndex((line) => line.kind === "case" && line.row.entry.key === key);
    const group = this.view.groups.findIndex((group) => group.some((at) => dualstack.data.columns[at].key === on));
    if (line >= 0 && group >= 0) this.go(line, group + 1);
    else this.pane.focus();
  },
};
