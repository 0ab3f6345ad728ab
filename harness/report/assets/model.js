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
