import { h, put } from "./dom.js";
import { button, errorText } from "./parts.js";

/**
 * Opens a modal dialog. content(close): its body. actions: [{label, kind, run}]; run() may reject with an error that is then shown in the dialog.
 * Resolves with what run() gave, or undefined when it was dismissed.
 */
export function ask({ title, content, actions, dismiss = "Cancel" }) {
  return new Promise((resolve) => {
    const message = h("div", { role: "alert" });
    const buttons = [];
    const dialog = h("dialog", { "aria-labelledby": "dialog-title" });
    const close = (value) => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    const act = async ({ run }) => {
      buttons.forEach((each) => {
        each.disabled = true;
      });
      put(message);
      try {
        close(await run());
      } catch (error) {
        buttons.forEach((each) => {
          each.disabled = false;
        });
        put(
          message,
          h("div", { class: "notice tone-bad" }, h("div", { class: "break" }, errorText(error))),
        );
      }
    };
    for (const action of actions) {
      buttons.push(
        h(
          "button",
          {
            type: action.kind?.includes("danger") ? "button" : "submit",
            class: `button ${action.kind ?? "primary"}`,
            onclick: (event) => {
              event.preventDefault();
              act(action);
            },
          },
          action.label,
        ),
      );
    }
    dialog.append(
      h(
        "form",
        { method: "dialog", onsubmit: (event) => event.preventDefault() },
        h("div", { class: "dialog-body" }, h("h2", { id: "dialog-title" }, title), content, message),
        h("div", { class: "dialog-actions" }, button(dismiss, { onclick: () => close(undefined) }), buttons),
      ),
    );
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      close(undefined);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
