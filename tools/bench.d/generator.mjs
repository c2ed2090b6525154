// Asks a server on loopback over a fixed number of kept connections, as a browser would (packed answers wanted).
//
//   const generator = new Generator(port, 64, () => "/path");
//   await generator.saturate(5);         // answers a second where each connection asks again at once
//   await generator.steady(1000, 5);     // { p50, p99, most } in ms at 1,000 requests a second
//
// steady() counts from when a request was due, not from when a connection was free for it: a server that stands still
// for a second is charged for everybody who would have asked in it. Due times are kept to a timer of 1 ms.
import { connect } from "node:net";

const end = Buffer.from("\r\n\r\n");

class Connection {
  constructor(port, fail) {
    this.head = [];
    this.left = -1; // of the body; -1 while in the head
    this.socket = connect({ port, host: "127.0.0.1", noDelay: true }).on("error", fail).on("data", (d) => this.take(d));
    this.socket.on("close", () => this.done && fail(new Error("the server closed a connection")));
  }
  ask(path, done) {
    this.done = done;
    this.path = path;
    this.socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n\r\n`);
  }
  take(bytes) {
    if (this.left < 0) {
      const all = this.head.length ? Buffer.concat([...this.head, bytes]) : bytes, at = all.indexOf(end);
      if (at < 0) return void this.head.push(bytes);
      this.head = [];
      const text = all.latin1Slice(0, at), status = text.slice(9, 12);
      if (status !== "200" && status !== "204") throw new Error(`${this.path}: ${text}`);
      this.left = Number(/\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
      bytes = all.subarray(at + end.length);
    }
    this.left -= bytes.length;
    if (this.left > 0) return;
    this.left = -1;
    const { done } = this;
    this.done = undefined;
    done();
  }
}

export class Generator {
  constructor(port, connections, next) {
    this.next = next;
    this.failed = new Promise((_, reject) => (this.fail = reject));
    this.failed.catch(() => {});
    this.connections = Array.from({ length: connections }, () => new Connection(port, this.fail));
  }
  close() {
    for (const { socket } of this.connections) socket.destroy();
  }

  async saturate(seconds) {
    const began = performance.now(), until = began + seconds * 1000;
    let answers = 0;
    const run = (connection) => new Promise((resolve) => {
      const again = () => {
        if (performance.now() >= until) return resolve();
        connection.ask(this.next(), () => (++answers, again()));
      };
      again();
    });
    await Promise.race([this.failed, Promise.all(this.connections.map(run))]);
    return (answers / (performance.now() - began)) * 1000;
  }

  async steady(rate, seconds) {
    const total = Math.round(rate * seconds), waits = [], free = [...this.connections];
    const began = performance.now();
    let sent = 0;
    const over = new Promise((resolve) => {
      const send = () => {
        while (free.length && sent < total && began + (sent / rate) * 1000 <= performance.now()) {
          const due = began + (sent++ / rate) * 1000, connection = free.pop();
          connection.ask(this.next(), () => {
            waits.push(performance.now() - due);
            free.push(connection);
            if (waits.length === total) resolve();
            else send();
          });
        }
      };
      const timer = setInterval(() => (sent < total ? send() : clearInterval(timer)), 1);
    });
    await Promise.race([this.failed, over]);
    waits.sort((a, b) => a - b);
    const at = (part) => waits[Math.min(total - 1, Math.floor(total * part))];
    return { p50: at(0.5), p99: at(0.99), most: waits.at(-1) };
  }
}
