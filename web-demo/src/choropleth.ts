// Jobs by district under the filter that list and map show, for the layer that colours the districts by them.
import { facets } from "./api";
import type { MapView } from "./map";
import { filterOf } from "./query";
import type { State } from "./state";

export class Choropleth {
  private asked_ = "";
  private pending_: AbortController | null = null;

  constructor(
    private readonly map_: () => MapView | null,
    private readonly shown_: () => void,
  ) {}

  // Asks only while the layer is shown; after new data `again` asks though the filter is the same.
  async load(state: State, again = false): Promise<void> {
    const query = filterOf(state);
    const question = state.layers.includes("choropleth") ? JSON.stringify(query) : "";
    if (question === this.asked_ && !again) return;
    this.asked_ = question;
    this.pending_?.abort();
    if (question === "") return;
    const { signal } = (this.pending_ = new AbortController());
    try {
      const { district } = await facets(["district"], query, signal);
      this.map_()?.look({ districtAds: new Map(district?.values.map(({ id, ads }) => [id, ads])) });
      this.shown_();
    } catch {
      if (!signal.aborted) this.asked_ = ""; // the list tells the trouble
    }
  }
}
