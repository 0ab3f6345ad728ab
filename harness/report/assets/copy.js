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
