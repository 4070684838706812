import { h } from "../ui/dom.js";
import { json } from "../ui/json.js";

export function reportView(report) {
  return h("div", { class: "card card-body" }, json(report, "the report"));
}
