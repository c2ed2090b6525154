// From nothing to the first answer, and the memory that takes.
import { addFigure } from "../report.mjs";
import { median, memory, startJobmapd } from "../settings.mjs";

export async function start() {
  const ready = [], resident = [];
  for (let i = 0; i < 5; ++i) {
    const server = await startJobmapd();
    ready.push(server.readyAfter);
    resident.push(memory(server.pid, "VmRSS"));
    await server.stop();
  }
  addFigure("start to ready from the SpatiaLite file", median(ready), " s", { below: 2.5 });
  addFigure("resident memory when ready", median(resident), " MiB", { below: 600 });
  const server = await startJobmapd();
  try {
    process.kill(server.pid, "SIGHUP");
    await server.event("loaded", 2);
    addFigure("the same at the peak of a reload", memory(server.pid, "VmHWM"), " MiB", { below: 1229 });
  } finally {
    await server.stop();
  }
}
