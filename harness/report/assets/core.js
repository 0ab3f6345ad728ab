// Shared by all parts. Texts from a results file are only inserted as text.
"use strict";

const dualstack = {
  data: null,

  // An element with attributes and children; a string becomes text.
  el(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const key in attributes) {
      const value = attributes[key];
      if (value !== null && value !== undefined) element.setAttribute(key, value);
    }
    for (const child of children.flat()) {
      if (child !== null && child !== undefined && child !== "") element.append(child);
    }
    return element;
  },

  byId: (id) => document.getElementById(id),

  // The class, sign and name of a kind of cell.
  verdict(number) {
    const [style, sign, name] = dualstack.data.verdicts[number];
    return { style, sign, name };
  },

  // A verdict's sign; a screen reader reads the name instead.
  sign(number) {
    return dualstack.el("span", { class: "sign", "aria-hidden": "true" }, dualstack.verdict(number).sign);
  },

  // A text in pieces, some of which lead elsewhere: only to pages that may be visited.
  linked(pieces) {
    const leads = (link) => /^https:\/\//.test(link);
    return pieces.map((piece) => {
      if (typeof piece === "string") return piece;
      const [text, link] = piece;
      return leads(link) ? dualstack.el("a", { href: link, rel: "noreferrer" }, text) : text;
    });
  },

  // The same as a plain text.
  unlinked: (pieces) => pieces.map((piece) => (typeof piece === "string" ? piece : piece[0])).join(""),

  // A text as a pattern that stands for itself.
  plain: (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"),

  count: (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`,
};
