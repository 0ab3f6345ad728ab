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
        const about = (entry.claims || []).map((claim) => claims[claim].join(" "));
        const own = [entry.row, ...about].join("\n").toLowerCase();
        // The numbers of the texts that a search looks through besides.
        const besides = [...scenario.about, ...entry.says, entry.calls];
        this.rows.push({ scenario, entry, besides, text: `${text}\n${own}` });
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
    const plain = word.replace(/[.+^${}()|[\]\\]/g, "\\$&");
    const pattern = new RegExp(`^${plain.replace(/\*/g, ".*").replace(/\?/g, ".")}$`);
    return (row) => [row.scenario.id, row.entry.key].some((id) => pattern.test(id.toLowerCase()));
  },

  // Whether a row has a word, in what it is about, in an answer, in a source.
  has(words, columns) {
    const among = (texts) => words.map((word) => texts.map((text) => text.includes(word)));
    const [answers, besides] = [among(this.answers), among(this.besides)];
    const named = words.map((word) => this.named(word));
    return (row, at) =>
      (named[at] && named[at](row)) ||
      row.text.includes(words[at]) ||
      row.besides.some((text) => besides[at][text]) ||
      columns.some((column) => answers[at][this.cell(row, column)]);
  },

  fits(state, columns) {
    const { topics, tags, claims, answers } = dualstack.data;
    const shown = [...columns, ...this.documented(state)];
    const words = this.words(state);
    const has = this.has(words, shown);
    const tag = tags.indexOf(state.tag);
    const claim = claims.findIndex(([id]) => id === state.claim);
    const verdicts = new Set(state.verdicts);
    const wanted = answers.map(([verdict]) => verdicts.has(dualstack.verdict(verdict).style));
    return (row) =>
      (!state.topic || topics[row.scenario.topic][0] === state.topic) &&
      (!state.tag || (row.scenario.tags || []).includes(tag)) &&
      (!state.claim || (row.entry.claims || []).includes(claim)) &&
      words.every((_, at) => has(row, at)) &&
      (!verdicts.size || columns.some((column) => wanted[row.entry.cells[column]])) &&
      (!state.differ || this.differs(row, columns));
  },

  // What a search finds besides cases.
  found(state) {
    const words = this.words(state);
    if (!words.length) return [];
    return dualstack.data.also.filter((_, at) => words.every((word) => this.also[at].includes(word)));
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
    const rows = this.rows.filter(this.fits(state, columns));
    const groups = [...this.groups(state, columns, rows), ...this.documented(state).map((at) => [at])];
    return { rows, columns, groups, lines: this.lines(rows), grouped: groups.some((group) => group.length > 1) };
  },
};
