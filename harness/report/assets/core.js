// What all parts share. Texts of a results file are only ever set as text.
"use strict";

const dualstack = {
  data: null,

  // An element with attributes and children; a string is a text.
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

  // The class, sign and name of a verdict; 0 is a place without data.
  verdict(number) {
    const [style, sign, name] = dualstack.data.verdicts[number];
    return { style, sign, name };
  },

  // A verdict's sign, which is told to a screen reader by its name.
  sign(number) {
    return dualstack.el("span", { class: "sign", "aria-hidden": "true" }, dualstack.verdict(number).sign);
  },

  count: (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`,
};
