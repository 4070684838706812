// The panel beside the trace (on a narrow screen: over it) that tells of the chosen step.
import { h, patch, put } from "../ui/dom.js";
import { icon } from "../ui/icons.js";
import { iconButton } from "../ui/parts.js";
import { stepDetail } from "./step.js";

export function stepPanel(close) {
  const element = h("aside", {
    class: "card step-panel",
    "aria-label": "The chosen step",
    onkeydown: (event) => {
      if (event.key === "Escape") {
        close();
      }
    },
  });

  /** row: null when none is chosen. */
  function show(row, transcript, session) {
    element.classList.toggle("is-open", Boolean(row));
    if (!row) {
      put(
        element,
        h(
          "div",
          { class: "step-none muted" },
          icon("observe"),
          h("p", null, "Choose a step to see its arguments, its result and how it was judged."),
        ),
      );
      return;
    }
    if (element.dataset.row !== row.key) {
      element.replaceChildren();
      element.dataset.row = row.key;
      element.scrollTop = 0;
    }
    patch(
      element,
      h("div", { class: "step-head" }, h("h2", { tabindex: -1, class: "grow" }, "Step"), iconButton("Close", "cross", close)),
      stepDetail(row, transcript, session),
    );
  }

  function focus() {
    if (matchMedia("(max-width: 1100px)").matches) {
      element.querySelector("h2")?.focus();
    }
  }

  return { element, show, focus };
}
