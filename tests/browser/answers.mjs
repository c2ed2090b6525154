// The page must show the API's own answers, which are asked for again here.
//
//   const answers = new Answers(server); await answers.assertShows(map, "station=longxiangqiao&radius=800");
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

export const pageSize = 30;

export class Answers {
  constructor(server) {
    this.server = server;
  }

  async jobs(query, limit = pageSize) {
    const { status, body } = await this.server.get(`v1/jobs?${query}&limit=${limit}`);
    assert.equal(status, 200, body.detail);
    return body;
  }

  // The list on the screen is the API's answer: the same ids in the same order, the same totals; and the chips show the
  // facets of the same query.
  async assertShows(map, query, limit = pageSize) {
    await map.rest();
    const answer = await this.jobs(query, limit);
    assert.deepEqual(await map.ids(), answer.features.map((job) => job.id), query);
    assert.deepEqual(await map.totals(), [answer.numberMatched, answer.openings], query);
    await this.assertChips(map, query);
    return answer;
  }

  async assertChips(map, query) {
    const asked = new URLSearchParams(query);
    for (const name of ["sort", "limit"]) asked.delete(name);
    const { status, body } = await this.server.get(`v1/facets?by=category&multi=true&${asked}`);
    assert.equal(status, 200, body.detail);
    const counts = { all: 0, full_time: 0, gig: 0, internship: 0 };
    for (const { id, ads } of body.facets.category.values) {
      counts[id] = ads;
      counts.all += ads;
    }
    assert.deepEqual(await map.chips(), counts, query);
  }

  // The tiles asked for since `from` come to ask that query, and from then on no other: what was asked before may still
  // have been on its way.
  async assertTilesAsk(map, from, expected) {
    const same = (query) => isDeepStrictEqual(query, expected);
    const deadline = Date.now() + 10_000;
    let asked;
    do {
      await map.rest();
      asked = map.jobTiles(from);
    } while (!asked.some(same) && Date.now() < deadline);
    const wanted = JSON.stringify(expected);
    assert.ok(asked.some(same), `no tile of jobs was asked for ${wanted}, but ${JSON.stringify(asked)}`);
    for (const query of asked.slice(asked.findIndex(same))) assert.deepEqual(query, expected);
  }
}
