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
