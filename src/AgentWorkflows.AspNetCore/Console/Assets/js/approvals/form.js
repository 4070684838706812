// Editing a call's arguments: a field for each simple property of the tool's schema, JSON where there is no schema or a value is not simple.
import { h } from "../ui/dom.js";
import { field } from "../ui/parts.js";

/** schema: the tool's parameters, or null. read() gives the arguments or throws an error that names the field. */
export function argumentForm(args, schema) {
  const properties = schema?.properties;
  const names = properties ? Object.keys(properties) : [];
  const isSimple =
    names.length > 0 && names.every((name) => typeOf(properties[name]) !== "other") && Object.keys(args).every((name) => names.includes(name));
  return isSimple ? fieldsOf(args, properties, new Set(schema.required ?? [])) : jsonOf(args);
}

function typeOf(property) {
  const type = Array.isArray(property.type) ? property.type.find((each) => each !== "null") : property.type;
  if (property.enum) {
    return "choice";
  }
  return { string: "text", integer: "number", number: "number", boolean: "boolean" }[type] ?? "other";
}

function fieldsOf(args, properties, required) {
  const inputs = new Map();
  const element = h(
    "div",
    { class: "argument-form" },
    Object.entries(properties).map(([name, property]) => {
      const value = args[name];
      const input = inputFor(property, value);
      inputs.set(name, { input, property });
      return field(required.has(name) ? name : `${name} (optional)`, input, { hint: property.description });
    }),
  );
  return {
    element,
    read: () => {
      const result = {};
      for (const [name, { input, property }] of inputs) {
        const text = input.value;
        if (text === "") {
          if (required.has(name)) {
            input.focus();
            throw new Error(`${name} is needed.`);
          }
          continue;
        }
        result[name] = valueOf(name, text, property);
      }
      return result;
    },
  };
}

function inputFor(property, value) {
  const text = value === undefined || value === null ? "" : String(value);
  switch (typeOf(property)) {
    case "choice":
      return select(property.enum.map(String), text);
    case "boolean":
      return select(["true", "false"], text);
    case "number":
      return h("input", { class: "input", inputmode: "decimal", value: text, autocomplete: "off" });
    default:
      return text.length > 60 || (property.maxLength ?? 0) > 200
        ? h("textarea", { class: "input", rows: Math.min(8, Math.max(3, Math.ceil(text.length / 70))), value: text })
        : h("input", { class: "input", value: text, autocomplete: "off" });
  }
}

const select = (options, chosen) =>
  h(
    "select",
    { class: "input" },
    h("option", { value: "" }, "–"),
    options.map((option) => h("option", { value: option, selected: option === chosen }, option)),
  );

function valueOf(name, text, property) {
  switch (typeOf(property)) {
    case "number": {
      const number = Number(text);
      if (!Number.isFinite(number)) {
        throw new Error(`${name} must be a number; "${text}" is not.`);
      }
      return number;
    }
    case "boolean":
      return text === "true";
    case "choice":
      return property.enum.find((option) => String(option) === text);
    default:
      return text;
  }
}

function jsonOf(args) {
  const input = h("textarea", {
    class: "input mono",
    rows: Math.min(18, JSON.stringify(args, null, 2).split("\n").length + 1),
    spellcheck: "false",
    value: JSON.stringify(args, null, 2),
  });
  return {
    element: field("Arguments", input, { hint: "The complete new arguments, as JSON." }),
    read: () => {
      let value;
      try {
        value = JSON.parse(input.value);
      } catch (error) {
        input.focus();
        throw new Error(`The arguments are not valid JSON: ${error.message}`);
      }
      if (value === null || typeof value !== "object" || Array.isArray(value)) {
        throw new Error("The arguments must be a JSON object.");
      }
      return value;
    },
  };
}
