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
