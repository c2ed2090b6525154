// Which layers the map shows, as a small folded list over it.
import { keepFocus } from "./controls";
import { el, fill } from "./dom";
import { layers, type State } from "./state";
import { t } from "./strings";

export function showLayerSwitch(parent: HTMLElement, state: State, set: (patch: Partial<State>) => void): void {
  const open = parent.querySelector("details")?.open ?? false;
  const rows = layers.map((layer) => {
    const box = el("input", {
      type: "checkbox",
      "data-key": `layer-${layer}`,
      checked: state.layers.includes(layer),
      onchange: () => set({ layers: layers.filter((other) => (other === layer ? box.checked : state.layers.includes(other))) }),
    });
    return el("li", {}, el("label", {}, box, t().layerNames[layer]));
  });
  keepFocus(parent, () =>
    fill(parent, el("details", { open }, el("summary", { "data-key": "layers" }, t().layers), el("ul", {}, ...rows))),
  );
}
