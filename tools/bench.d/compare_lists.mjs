// Whether two lists hold the same jobs at the same distances, but for those at the very edge.
export function fail(what, why) {
  throw new Error(`${what}: the answers differ: ${why}`);
}

// Lists of [id, metres]; `edge` is the radius, `full` the limit.
export function compareLists(what, question, ours, theirs, { edge, full, tolerance }) {
  const near = (a, b) => Math.abs(a - b) <= tolerance(Math.max(a, b));
  const last = ours.length === full ? ours.at(-1)[1] : edge;
  const mine = new Map(ours), other = new Map(theirs);
  if (mine.size !== ours.length || other.size !== theirs.length) fail(what, `a job twice at ${question}`);
  for (const [id, metres] of [...ours, ...theirs]) {
    const both = mine.has(id) && other.has(id);
    if (both ? !near(mine.get(id), other.get(id)) : !near(metres, last))
      fail(what, `${id} at ${question}: ours ${mine.get(id)} m, theirs ${other.get(id)} m, the last ${last} m`);
  }
  for (const list of [ours, theirs])
    list.forEach(([, metres], i) => {
      if (i && metres < list[i - 1][1] - tolerance(metres)) fail(what, `not in order at ${question}`);
    });
  return ours.length;
}
