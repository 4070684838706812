// Building elements, and making what is on the page equal to what was built, without losing focus, selection or scroll positions.
const svgNamespace = "http://www.w3.org/2000/svg";

export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

export function s(tag, props, ...children) {
  return fill(document.createElementNS(svgNamespace, tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name.startsWith("on")) {
      element[name] = value;
      (element.handlers ??= []).push(name);
    } else if (name === "style") {
      // Through the object model: a style attribute is refused by the page's content security policy.
      for (const [property, text] of Object.entries(value)) {
        element.style.setProperty(property, text);
      }
    } else if (name === "value" || name === "checked") {
      element[name] = value;
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...flat(children));
  return element;
}

function flat(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** Puts children in place of what an element has. */
export function put(parent, ...children) {
  parent.replaceChildren(...flat(children));
  return parent;
}

/** Changes an element's children to equal those given, keeping the nodes that are there. Children with data-key keep their node when they move. */
export function patch(parent, ...children) {
  const wanted = flat(children).map((child) => (child instanceof Node ? child : document.createTextNode(String(child))));
  const keyed = new Map();
  for (const child of parent.children) {
    if (child.dataset?.key) {
      keyed.set(child.dataset.key, child);
    }
  }
  let place = parent.firstChild;
  for (const next of wanted) {
    const known = next.dataset?.key ? keyed.get(next.dataset.key) : undefined;
    const match = known ?? (place && !place.dataset?.key && isSame(place, next) ? place : undefined);
    if (!match || !isSame(match, next)) {
      parent.insertBefore(next, place);
      continue;
    }
    if (match === place) {
      place = place.nextSibling;
    } else {
      parent.insertBefore(match, place);
    }
    become(match, next);
  }
  while (place) {
    const gone = place;
    place = place.nextSibling;
    gone.remove();
  }
  return parent;
}

function isSame(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.dataset?.key ?? "") === (b.dataset?.key ?? "");
}

function become(old, next) {
  if (old === next) {
    return;
  }
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== next.data) {
      old.data = next.data;
    }
    return;
  }
  // An island looks after itself once it is on the page.
  if (old.dataset?.island !== undefined) {
    return;
  }
  becomeAttributes(old, next);
  if (old.nodeName === "INPUT" || old.nodeName === "TEXTAREA" || old.nodeName === "SELECT") {
    patch(old, [...next.childNodes]);
    if (old !== document.activeElement && old.value !== next.value) {
      old.value = next.value;
    }
    return;
  }
  patch(old, [...next.childNodes]);
}

function becomeAttributes(old, next) {
  for (const { name } of [...old.attributes]) {
    if (name !== "style" && name !== "open" && !next.hasAttribute(name)) {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of next.attributes) {
    if (name !== "style" && old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }
  if (old.style && old.style.cssText !== next.style.cssText) {
    old.style.cssText = next.style.cssText;
  }
  for (const name of old.handlers ?? []) {
    old[name] = null;
  }
  for (const name of next.handlers ?? []) {
    old[name] = next[name];
  }
  old.handlers = next.handlers;
}
