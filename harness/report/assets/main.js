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
