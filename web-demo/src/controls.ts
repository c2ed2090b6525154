// The small controls the panels are made of. Drawn anew at every change of the state, the one that was in use keeps the
// keyboard: keepFocus() finds it again by its data-key.
import { el } from "./dom";

type Child = Node | string | null | undefined | false;

export function button(key: string, label: string, press: () => void, more: Record<string, string | boolean | null> = {}) {
  return el("button", { type: "button", "data-key": key, onclick: press, ...more }, label);
}

export function toggle(key: string, pressed: boolean, press: () => void, more: Record<string, string>, ...body: Child[]) {
  return el(
    "button",
    { type: "button", "data-key": key, "aria-pressed": String(pressed), onclick: press, ...more },
    ...body,
  );
}

export function choice(
  key: string,
  label: string,
  value: string,
  options: [string, string][],
  pick: (value: string) => void,
): HTMLElement {
  const select = el(
    "select",
    { id: key, "data-key": key, onchange: () => pick(select.value) },
    ...options.map(([name, text]) => el("option", { value: name, selected: name === value }, text)),
  );
  return el("div", { class: "choice" }, el("label", { for: key }, label), select);
}

// One of a few, side by side: radio buttons, so that the arrows move among them.
export function segments<T extends string>(
  key: string,
  label: string,
  value: T,
  options: [T, string][],
  pick: (value: T) => void,
): HTMLElement {
  const items = options.map(([name, text]) => {
    const input = el("input", {
      type: "radio",
      name: key,
      id: `${key}-${name}`,
      "data-key": `${key}-${name}`,
      value: name,
      checked: name === value,
      onchange: () => pick(name),
    });
    return el("label", { class: "segment" }, input, el("span", {}, text));
  });
  return el("fieldset", { class: "segments" }, el("legend", { class: "visually-hidden" }, label), ...items);
}

export function switch_(key: string, label: string, hint: string, on: boolean, flip: (on: boolean) => void): HTMLElement {
  const input = el("input", {
    id: key,
    "data-key": key,
    type: "checkbox",
    role: "switch",
    checked: on,
    onchange: () => flip(input.checked),
  });
  return el("label", { class: "switch", title: hint }, input, el("span", {}, label));
}

export function keepFocus(parent: HTMLElement, draw: () => void): void {
  const focused = document.activeElement;
  const key = focused && parent.contains(focused) ? focused.getAttribute("data-key") : null;
  draw();
  if (key) parent.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
}
