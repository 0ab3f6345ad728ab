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

  // The class, sign and name of a kind of cell.
  verdict(number) {
    const [style, sign, name] = dualstack.data.verdicts[number];
    return { style, sign, name };
  },

  // A verdict's sign; a screen reader reads the name instead.
  sign(number) {
    return dualstack.el("span", { class: "sign", "aria-hidden": "true" }, dualstack.verdict(number).sign);
  },

  // A text in pieces, some of which lead elsewhere: only to pages that may be visited.
  linked(pieces) {
    const leads = (link) => /^https:\/\//.test(link);
    return pieces.map((piece) => {
      if (typeof piece === "string") return piece;
      const [text, link] = piece;
      return leads(link) ? dualstack.el("a", { href: link, rel: "noreferrer" }, text) : text;
    });
  },

  // The same as a plain text.
  unlinked: (pieces) => pieces.map((piece) => (typeof piece === "string" ? piece : piece[0])).join(""),

  // A text as a pattern that stands for itself.
  plain: (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"),

  count: (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`,
};
// The view, as stored in the fragment of the address: filters, and the open cell.
"use strict";

dualstack.state = {
  q: "", topic: "", tag: "", claim: "", differ: false,
  split: false, // each platform in a column of its own
  platforms: [], // keys of the columns shown; none means all
  documented: [], // keys of the systems shown that were not measured
  verdicts: [],
  case: "", on: "",
};

dualstack.WORDS = ["q", "topic", "tag", "claim"];
dualstack.SWITCHES = ["differ", "split"];
dualstack.LISTS = { platforms: "platform", documented: "documented", verdicts: "verdict" };

dualstack.readState = function () {
  const said = new URLSearchParams(location.hash.slice(1));
  const state = dualstack.state;
  for (const name of [...dualstack.WORDS, "case", "on"]) state[name] = said.get(name) || "";
  for (const name of dualstack.SWITCHES) state[name] = said.get(name) === "1";
  for (const name in dualstack.LISTS) state[name] = said.getAll(dualstack.LISTS[name]);
};

dualstack.fragment = function (changes) {
  const state = Object.assign({}, dualstack.state, changes);
  const said = new URLSearchParams();
  for (const name of dualstack.WORDS) if (state[name]) said.set(name, state[name]);
  for (const name in dualstack.LISTS) for (const key of state[name]) said.append(dualstack.LISTS[name], key);
  for (const name of dualstack.SWITCHES) if (state[name]) said.set(name, "1");
  if (state.case) {
    said.set("case", state.case);
    said.set("on", state.on);
  }
  return "#" + said.toString();
};

// A step adds an entry to the history, so that Back leads to what was shown before; while a
// text is typed there is only one for all of it.
dualstack.setState = function (changes, step) {
  const fragment = dualstack.fragment(changes);
  Object.assign(dualstack.state, changes);
  if (fragment === location.hash) return;
  if (step) history.pushState({ opened: step === "cell" }, "", fragment);
  else history.replaceState(history.state, "", fragment);
};
// The rows and columns that match the filters. A column is the number of a platform or,
// after the last of these, of a system that was not measured.
"use strict";

dualstack.model = {
  rows: [],

  // One row per case.
  build() {
    const { scenarios, topics, tags, claims } = dualstack.data;
    for (const scenario of scenarios) {
      const words = [scenario.id, scenario.title, scenario.ask, topics[scenario.topic][1], ...(scenario.tags || []).map((tag) => tags[tag])];
      const text = words.join("\n").toLowerCase();
      for (const entry of scenario.cases) {
        const names = [scenario.id, scenario.title, entry.key, entry.row].join("\n").toLowerCase();
        const about = (entry.claims || []).map((claim) => claims[claim].join(" "));
        const own = [entry.row, ...about].join("\n").toLowerCase();
        // The numbers of the texts that a search looks through besides.
        const besides = [...scenario.about, ...entry.says, entry.calls];
        this.rows.push({ scenario, entry, names, besides, text: `${text}\n${own}` });
      }
    }
    this.answers = dualstack.data.answers.map(([, , text]) => text.toLowerCase());
    this.besides = dualstack.data.texts.map((text) => text.toLowerCase());
    this.also = dualstack.data.also.map((thing) => `${thing.kind} ${thing.title} ${thing.words}`.toLowerCase());
    // What counts as an answer of a platform.
    const none = ["no-data", "unsupported", "error", "varies", "documented", "undocumented"];
    this.answered = dualstack.data.answers.map(([verdict]) => !none.includes(dualstack.verdict(verdict).style));
    this.alike = this.group(dualstack.data.columns.map((_, at) => at), this.rows);
  },

  find(key) {
    return this.rows.find((row) => row.entry.key === key);
  },

  isMeasured: (at) => at < dualstack.data.columns.length,

  // The number of the answer in a column. 1 is that no source says anything.
  cell({ entry }, at) {
    const platforms = entry.cells.length;
    if (at < platforms) return entry.cells[at];
    return entry.documented ? entry.documented[at - platforms] : 1;
  },

  // The platforms that are chosen.
  columns(state) {
    const all = dualstack.data.columns.map((_, at) => at);
    const chosen = all.filter((at) => state.platforms.includes(dualstack.data.columns[at].key));
    return chosen.length ? chosen : all;
  },

  // The systems that are chosen of those that were not measured.
  documented(state) {
    const { columns, documented } = dualstack.data;
    return documented.flatMap(([key], at) => (state.documented.includes(key) ? [columns.length + at] : []));
  },

  // Whether at least two of these platforms answered, and differently.
  differs(row, columns) {
    let first = -1;
    for (const at of columns) {
      const answer = row.entry.cells[at];
      if (!this.answered[answer]) continue;
      const text = dualstack.data.answers[answer][1];
      if (first === -1) first = text;
      else if (first !== text) return true;
    }
    return false;
  },

  words: (state) => state.q.toLowerCase().split(/\s+/).filter(Boolean),

  // What a word of the search names, as on the command line: `tag:`, `claim:`, `option:`,
  // `call:`, or ids by a pattern with `*` and `?`. Nothing if it is an ordinary word.
  named(word) {
    const { tags, claims, texts } = dualstack.data;
    const is = (text) => text.toLowerCase() === name;
    const [, kind, name] = /^(tag|claim|option|call):(.+)$/.exec(word) || [];
    if (kind === "tag") return (row) => (row.scenario.tags || []).some((tag) => is(tags[tag]));
    if (kind === "claim") return (row) => (row.entry.claims || []).some((claim) => is(claims[claim][0]));
    if (kind) return (row) => texts[row.entry.calls].split(" ").some(is);
    if (!/[*?]/.test(word)) return null;
    const pattern = new RegExp(`^${dualstack.plain(word).replaceAll("\\*", ".*").replaceAll("\\?", ".")}$`);
    return (row) => [row.scenario.id, row.entry.key].some((id) => pattern.test(id.toLowerCase()));
  },

  // How well a row has a word: 4 as a word of its names, 3 within one, 2 in what it is
  // about, 1 in an answer or a source, 0 not at all.
  rank(words, columns) {
    const among = (texts) => words.map((word) => texts.map((text) => text.includes(word)));
    const [answers, besides] = [among(this.answers), among(this.besides)];
    const named = words.map((word) => this.named(word));
    const whole = words.map((word) => new RegExp(`(?:^|\\W)${dualstack.plain(word)}(?:\\W|$)`));
    return (row, at) => {
      if ((named[at] && named[at](row)) || whole[at].test(row.names)) return 4;
      if (row.names.includes(words[at])) return 3;
      if (row.text.includes(words[at])) return 2;
      const elsewhere = row.besides.some((text) => besides[at][text]) || columns.some((column) => answers[at][this.cell(row, column)]);
      return elsewhere ? 1 : 0;
    };
  },

  // What is searched for comes first: topics and scenarios by the best of their rows.
  ranked(rows, words, rank) {
    const best = new Map();
    for (const row of rows) {
      const points = words.reduce((sum, _, at) => sum + rank(row, at), 0);
      for (const group of [row.scenario.topic, row.scenario]) best.set(group, Math.max(best.get(group) || 0, points));
    }
    const order = (group) => (one, other) => best.get(group(other)) - best.get(group(one));
    const byTopic = order((row) => row.scenario.topic);
    const byScenario = order((row) => row.scenario);
    return [...rows].sort((one, other) => byTopic(one, other) || one.scenario.topic - other.scenario.topic || byScenario(one, other));
  },

  fits(state, columns, documented, words, rank) {
    const shown = [...columns, ...documented];
    const { topics, tags, claims, answers } = dualstack.data;
    const tag = tags.indexOf(state.tag);
    const claim = claims.findIndex(([id]) => id === state.claim);
    const verdicts = new Set(state.verdicts);
    const wanted = answers.map(([verdict]) => verdicts.has(dualstack.verdict(verdict).style));
    return (row) =>
      (!state.topic || topics[row.scenario.topic][0] === state.topic) &&
      (!state.tag || (row.scenario.tags || []).includes(tag)) &&
      (!state.claim || (row.entry.claims || []).includes(claim)) &&
      words.every((_, at) => rank(row, at) > 0) &&
      (!verdicts.size || shown.some((column) => wanted[this.cell(row, column)])) &&
      (!state.differ || this.differs(row, columns));
  },

  // What a search finds besides cases: first what has all words in its name.
  found(state) {
    const words = this.words(state);
    if (!words.length) return [];
    const all = (text) => words.every((word) => text.includes(word));
    const found = dualstack.data.also.filter((_, at) => all(this.also[at]));
    const named = ({ kind, title }) => all(`${kind} ${title}`.toLowerCase());
    return [...found.filter(named), ...found.filter((thing) => !named(thing))];
  },

  // Columns in groups: those together that give the same answer in all of these rows.
  group(columns, rows) {
    const groups = new Map();
    for (const at of columns) {
      const answers = rows.map((row) => row.entry.cells[at]).join();
      if (groups.has(answers)) groups.get(answers).push(at);
      else groups.set(answers, [at]);
    }
    return [...groups.values()];
  },

  // The columns of the table. By default platforms that agree everywhere share one, and where
  // only differences are shown, those that agree in what is shown.
  groups(state, columns, rows) {
    if (state.split) return columns.map((at) => [at]);
    if (state.differ && rows.length) return this.group(columns, rows);
    const shown = this.alike.map((group) => group.filter((at) => columns.includes(at)));
    return shown.filter((group) => group.length);
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

  // How many cells of each kind the rows have on these platforms.
  counts(rows, columns) {
    const { answers } = dualstack.data;
    const numbers = new Array(answers.length).fill(0);
    for (const row of rows) for (const at of columns) numbers[row.entry.cells[at]] += 1;
    const counts = {};
    numbers.forEach((number, answer) => {
      const { style } = dualstack.verdict(answers[answer][0]);
      counts[style] = (counts[style] || 0) + number;
    });
    return counts;
  },

  view(state) {
    const columns = this.columns(state);
    const documented = this.documented(state);
    const words = this.words(state);
    const rank = this.rank(words, [...columns, ...documented]);
    const fitting = this.rows.filter(this.fits(state, columns, documented, words, rank));
    const rows = words.length ? this.ranked(fitting, words, rank) : fitting;
    const groups = [...this.groups(state, columns, rows), ...documented.map((at) => [at])];
    return { rows, columns, groups, lines: this.lines(rows), grouped: groups.some((group) => group.length > 1) };
  },
};
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
// What is copied from a cell: its address, and a text for an issue. If this run is kept, the
// address leads to the copy that stays.
"use strict";

dualstack.copy = {
  start() {
    document.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-copy]");
      if (button) this.copy(button);
    });
  },

  address(row, at) {
    const { columns, kept } = dualstack.data;
    const stays = kept && !location.pathname.includes(`/runs/${kept}/`);
    const page = new URL(stays ? `runs/${kept}/index.html` : "index.html", location.href);
    page.hash = new URLSearchParams({ case: row.entry.key, on: columns[at].key }).toString();
    return page.href;
  },

  markdown(row, at, about, cell, text) {
    const { answers, columns } = dualstack.data;
    const column = columns[at];
    const [verdict, , shown] = answers[row.entry.cells[at]];
    const title = [row.scenario.title, row.entry.row].filter(Boolean).join(": ");
    const trace = [];
    for (let step = 0; step < ((cell && cell.trace) || []).length; step += 2) {
      trace.push(`${text(cell.trace[step])}  →  ${text(cell.trace[step + 1])}`);
    }
    const fold = trace.length ? ["", "<details><summary>Calls</summary>", "", this.fenced(trace.join("\n")), "", "</details>"] : [];
    return [
      `**${this.plain(title)}** on ${this.plain(column.name)}: ${this.code(shown)} (${dualstack.verdict(verdict).name})`,
      "",
      `- Build: ${this.plain(column.edition)}, ${this.plain(column.build)}, measured ${column.started}`,
      ...(cell && cell.expected !== undefined ? [`- Expected: ${this.code(about.expect[cell.expected][1])}, ${this.plain(dualstack.unlinked(about.expect[cell.expected][2]))}`] : []),
      ...(cell ? [`- To repeat it: ${this.code(text(cell.command))}`] : []),
      `- ${this.address(row, at)}`,
      ...fold,
    ].join("\n");
  },

  plain: (text) => text.replace(/[\\`*_{}[\]<>#|@]/g, "\\$&"),

  // Code with more backticks around it than are in it.
  code(text) {
    const most = Math.max(0, ...(text.match(/`+/g) || []).map((run) => run.length));
    const fence = "`".repeat(most + 1);
    const room = most ? " " : "";
    return fence + room + text.replace(/\n/g, " ") + room + fence;
  },

  fenced(text) {
    const most = Math.max(2, ...(text.match(/`+/g) || []).map((run) => run.length));
    const fence = "`".repeat(most + 1);
    return `${fence}text\n${text}\n${fence}`;
  },

  buttons(row, at, about, cell, text) {
    const { el } = dualstack;
    const button = (name, copied) => el("button", { type: "button", "data-copy": copied }, name);
    return el("p", { class: "copy" },
      button("Copy link", this.address(row, at)), " ",
      button("Copy as Markdown", this.markdown(row, at, about, cell, text)),
      el("span", { role: "status", class: "muted" }));
  },

  async copy(button) {
    const done = button.parentElement.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      done.textContent = " Copied.";
    } catch {
      this.select(button, done);
    }
  },

  // Where a page may not write to the clipboard, the text is shown to be copied by hand.
  select(button, done) {
    const area = dualstack.el("textarea", { readonly: "", rows: 4, "aria-label": "To copy" });
    area.value = button.dataset.copy;
    done.replaceChildren(area);
    area.select();
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
      this.answer(row.entry.cells[at], cell, text),
      dualstack.copy.buttons(row, at, about, cell, text),
      cell ? this.expectation(about, cell) : this.documented(about),
      cell ? this.calls(about, cell, text) : null,
      this.elsewhere(row, at),
      detail.advice.length ? this.section("Advice", el("p", null, ...dualstack.linked(detail.advice))) : null,
      detail.about.length ? this.section("Background", el("p", null, ...dualstack.linked(detail.about))) : null,
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
      const [on, answer, source, varies] = about.expect[cell.expected];
      parts.push(el("p", null, el("span", { class: "text" }, answer), varies ? ", by chance" : ""), el("p", { class: "muted" }, `on ${on}: `, ...dualstack.linked(source)));
    } else {
      parts.push(el("p", { class: "muted" }, "No source says what the answer should be here."));
    }
    if (cell.known !== undefined) {
      const [on, answer, reason, source] = about.known[cell.known];
      parts.push(el("p", null, "Known difference: ", el("span", { class: "text" }, answer)),
        el("p", { class: "muted" }, `on ${on}: `, ...dualstack.linked(reason), " ", ...dualstack.linked(source)));
    }
    return this.section("Expected", ...parts);
  },

  documented(about) {
    const { el } = dualstack;
    if (!about.expect.length) return null;
    const entries = about.expect.map(([on, answer, source]) =>
      el("div", null, el("dt", null, on), el("dd", null, el("span", { class: "text" }, answer), " ", el("span", { class: "muted" }, ...dualstack.linked(source)))));
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
    if (cell.programs !== undefined) parts.push(this.section("Programs", el("pre", { tabindex: "0" }, text(cell.programs))));
    if (cell.stderr !== undefined) parts.push(this.section("Standard error of the agent", el("pre", { tabindex: "0" }, text(cell.stderr))));
    return el("div", null, ...parts);
  },

  // The other platforms, by their answers.
  elsewhere(row, at) {
    const { el, data } = dualstack;
    const groups = new Map();
    data.columns.forEach((_, column) => {
      const answer = row.entry.cells[column];
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
  NONE: { q: "", topic: "", tag: "", claim: "", differ: false, split: false, platforms: [], documented: [], verdicts: [] },

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
    for (const name of dualstack.WORDS) {
      const control = byId(`filter-${name}`);
      if (control) control.addEventListener("input", () => this.change({ [name]: control.value }));
    }
    for (const name of dualstack.SWITCHES) {
      const control = byId(`filter-${name}`);
      control.addEventListener("change", () => this.change({ [name]: control.checked }));
    }
    byId("platforms").addEventListener("change", () => this.change({ platforms: this.chosen(), documented: this.ticked("documented") }));
    byId("platforms").addEventListener("click", ({ target }) => this.only(target.closest("button.only")));
    this.chips = [...document.querySelectorAll(".chip[data-verdict]")];
    for (const chip of this.chips) chip.addEventListener("click", () => this.toggle(chip.dataset.verdict));
    byId("more-filters").addEventListener("click", (event) => this.unfold(event.currentTarget));
    document.addEventListener("click", (event) => this.closeChooser(event.target));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && byId("platforms").contains(event.target)) this.closeChooser(document.body);
    });
  },

  // A word that is typed on is still the same step.
  change(changes) {
    const typed = "q" in changes && Object.keys(changes).length === 1;
    dualstack.setState(changes, typed && dualstack.state.q ? undefined : "filter");
    this.onChange();
  },

  boxes(name) {
    return [...this.form.querySelectorAll(`input[name=${name}]`)];
  },

  ticked(name) {
    return this.boxes(name).filter((box) => box.checked).map((box) => box.value);
  },

  // The platforms that are checked; none and all both mean no filter.
  chosen() {
    const ticked = this.ticked("platform");
    return ticked.length === this.boxes("platform").length ? [] : ticked;
  },

  // The platforms beside a button, or all of them.
  only(button) {
    if (!button) return;
    const family = button.closest("fieldset");
    const boxes = family ? [...family.querySelectorAll("input[name=platform]")] : [];
    this.change({ platforms: boxes.length === this.boxes("platform").length ? [] : boxes.map((box) => box.value) });
  },

  toggle(verdict) {
    const { verdicts } = dualstack.state;
    this.change({ verdicts: verdicts.includes(verdict) ? verdicts.filter((known) => known !== verdict) : [...verdicts, verdict] });
  },

  // On a phone most filters are behind a button.
  unfold(button) {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", open);
    dualstack.byId("filter-more").classList.toggle("open", open);
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
    for (const name of dualstack.WORDS) {
      const control = byId(`filter-${name}`);
      if (control && control.value !== state[name]) control.value = state[name];
    }
    for (const name of dualstack.SWITCHES) byId(`filter-${name}`).checked = state[name];
    const boxes = this.boxes("platform");
    for (const box of boxes) box.checked = !state.platforms.length || state.platforms.includes(box.value);
    for (const box of this.boxes("documented")) box.checked = state.documented.includes(box.value);
    byId("platform-count").textContent = state.platforms.length ? `${state.platforms.length} of ${boxes.length}` : "all";
    for (const chip of this.chips) chip.setAttribute("aria-pressed", state.verdicts.includes(chip.dataset.verdict));
    const filtered = dualstack.fragment({ case: "" }) !== "#";
    byId("reset").disabled = !filtered;
  },

  // How many cells of each kind are shown, and what was found besides cases.
  tell(counts, also) {
    const { el, byId } = dualstack;
    for (const chip of this.chips) {
      const cells = counts[chip.dataset.verdict] || 0;
      chip.querySelector(".number").textContent = cells.toLocaleString("en");
    }
    const box = byId("also");
    box.hidden = !also.length;
    const links = also.slice(0, this.MOST).flatMap(({ kind, title, link }, at) => [at ? " · " : "", `${kind} `, el("a", { href: link }, title)]);
    const more = also.length > this.MOST ? ` and ${also.length - this.MOST} more` : "";
    box.replaceChildren("Also: ", ...links, more);
  },

  MOST: 8,
};
// Connects the parts.
"use strict";

dualstack.main = {
  start() {
    dualstack.model.build();
    dualstack.grid.start((key, on) => this.open(key, on));
    dualstack.cell.start(() => this.close());
    dualstack.filters.start(() => this.show());
    dualstack.copy.start();
    addEventListener("popstate", () => this.follow());
    addEventListener("beforeprint", () => dualstack.grid.drawAll());
    addEventListener("afterprint", () => dualstack.grid.layout());
    this.follow();
    document.documentElement.dataset.ready = "true";
  },

  // Applies the address.
  follow() {
    dualstack.readState();
    this.show();
    const { case: key, on } = dualstack.state;
    if (!key) return this.closed();
    dualstack.grid.revealCase(key);
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
    dualstack.byId("nothing-why").textContent = this.why(view);
    this.tell(view);
  },

  // Why there are no rows: to agree is an answer too.
  why(view) {
    const { state, model, count } = dualstack;
    const alike = state.differ && !view.rows.length ? model.view({ ...state, differ: false }).rows.length : 0;
    if (!alike) return "No case matches these filters.";
    return `These platforms agree in ${alike === model.rows.length ? "all " : ""}${count(alike, "case")}.`;
  },

  tell(view) {
    const all = dualstack.model.rows.length;
    const { count } = dualstack;
    const rows = view.rows.length === all ? count(all, "case") : `${view.rows.length.toLocaleString("en")} of ${count(all, "case")}`;
    const measured = view.groups.filter(([at]) => dualstack.model.isMeasured(at));
    const groups = view.rows.length && measured.length < view.columns.length ? `, ${count(view.columns.length, "platform")} in ${count(measured.length, "column")}` : "";
    dualstack.byId("status").textContent = rows + groups;
    dualstack.filters.tell(dualstack.model.counts(view.rows, view.columns), dualstack.model.found(dualstack.state));
  },

  open(key, on) {
    this.opener = [key, on];
    dualstack.setState({ case: key, on }, "cell");
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
