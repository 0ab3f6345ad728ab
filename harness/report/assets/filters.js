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
