// The view, as stored in the fragment of the address: filters, and the open cell.
"use strict";

dualstack.state = {
  q: "", topic: "", tag: "", claim: "", differ: false,
  platforms: [], // keys of the columns shown; none means all
  verdicts: [],
  case: "", on: "",
};

dualstack.readState = function () {
  const said = new URLSearchParams(location.hash.slice(1));
  const state = dualstack.state;
  for (const name of ["q", "topic", "tag", "claim", "case", "on"]) state[name] = said.get(name) || "";
  state.differ = said.get("differ") === "1";
  state.platforms = said.getAll("platform");
  state.verdicts = said.getAll("verdict");
};

dualstack.fragment = function (changes) {
  const state = Object.assign({}, dualstack.state, changes);
  const said = new URLSearchParams();
  for (const name of ["q", "topic", "tag", "claim"]) if (state[name]) said.set(name, state[name]);
  for (const key of state.platforms) said.append("platform", key);
  for (const verdict of state.verdicts) said.append("verdict", verdict);
  if (state.differ) said.set("differ", "1");
  if (state.case) {
    said.set("case", state.case);
    said.set("on", state.on);
  }
  return "#" + said.toString();
};

// Filters replace the address; opening a cell adds an entry to the history.
dualstack.setState = function (changes, step) {
  const fragment = dualstack.fragment(changes);
  Object.assign(dualstack.state, changes);
  if (step) history.pushState({ opened: true }, "", fragment);
  else history.replaceState(history.state, "", fragment);
};
