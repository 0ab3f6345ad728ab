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
