// The view, as stored in the fragment of the address: filters, and the open cell.
"use strict";

dualstack.state = {
  q: "", topic: "", tag: "", claim: "", differ: false,
  split: false, // each platform in a column of its own
  platforms: [], // keys of the columns shown; none means all
  documented: [], // keys of the systems shown that were not measured
  verdicts: [],
  case: "", on: "",
};

dualstack.WORDS = ["q", "topic", "tag", "claim"];
dualstack.SWITCHES = ["differ", "split"];
dualstack.LISTS = { platforms: "platform", documented: "documented", verdicts: "verdict" };

dualstack.readState = function () {
  const said = new URLSearchParams(location.hash.slice(1));
  const state = dualstack.state;
  for (const name of [...dualstack.WORDS, "case", "on"]) state[name] = said.get(name) || "";
  for (const name of dualstack.SWITCHES) state[name] = said.get(name) === "1";
  for (const name in dualstack.LISTS) state[name] = said.getAll(dualstack.LISTS[name]);
};

dualstack.fragment = function (changes) {
  const state = Object.assign({}, dualstack.state, changes);
  const said = new URLSearchParams();
  for (const name of dualstack.WORDS) if (state[name]) said.set(name, state[name]);
  for (const name in dualstack.LISTS) for (const key of state[name]) said.append(dualstack.LISTS[name], key);
  for (const name of dualstack.SWITCHES) if (state[name]) said.set(name, "1");
  if (state.case) {
    said.set("case", state.case);
    said.set("on", state.on);
  }
  return "#" + said.toString();
};

// A step adds an entry to the history, so that Back leads to what was shown before; while a
// text is typed there is only one for all of it.
dualstack.setState = function (changes, step) {
  const fragment = dualstack.fragment(changes);
  Object.assign(dualstack.state, changes);
  if (fragment === location.hash) return;
  if (step) history.pushState({ opened: step === "cell" }, "", fragment);
  else history.replaceState(history.state, "", fragment);
};
