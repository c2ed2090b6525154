// Figures as text, tables as Markdown, and tables inside a document between their markers.

// Three digits, as many as the last measurement of anything here is good for.
export function number(value) {
  if (!Number.isFinite(value)) throw new Error(`not a figure: ${value}`);
  const text = value >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();
  const [whole, ...rest] = text.split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...rest].join(".");
}

export function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n") + "\n";
}

// The document with what stands between <!-- name:begin --> and <!-- name:end --> replaced.
export function inDocument(document, name, text) {
  const begin = `<!-- ${name}:begin -->`, end = `<!-- ${name}:end -->`;
  const from = document.indexOf(begin), to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the document has no ${begin} before ${end}`);
  return document.slice(0, from + begin.length) + `\n\n${text.trim()}\n\n` + document.slice(to);
}
