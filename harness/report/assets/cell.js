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
