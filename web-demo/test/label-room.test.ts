// The wall round the view: what lies across an edge or under a control meets it, what lies inside does not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Rectangle, wall, wallRadius } from "../src/label-room";

const meets = (squares: [number, number][], { left, top, right, bottom }: Rectangle) =>
  squares.some(([x, y]) => left < x + wallRadius && right > x - wallRadius && top < y + wallRadius && bottom > y - wallRadius);

test("a name of any place meets the wall where it is cut or covered, and only there", () => {
  let seed = 20261123;
  const next = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let round = 0; round < 300; ++round) {
    const [width, height] = [200 + Math.floor(next() * 1500), 200 + Math.floor(next() * 900)];
    const [left, top] = [next() * width * 0.6, next() * height * 0.6];
    const control = { left, top, right: left + 30 + next() * 300, bottom: top + 30 + next() * 60 };
    const squares = wall(width, height, [control]);
    const [x, y] = [next() * width, next() * height];
    const name = { left: x - 30, top: y - 8, right: x + 30, bottom: y + 8 };
    const cut = name.left < 0 || name.top < 0 || name.right > width || name.bottom > height;
    const covered = name.left < control.right && name.right > control.left && name.top < control.bottom && name.bottom > control.top;
    assert.equal(meets(squares, name), cut || covered, `round ${round}: ${JSON.stringify({ width, height, control, name })}`);
  }
});
