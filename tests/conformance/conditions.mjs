// Conditions on properties of jobs, written in every language that says the same: SQL over the database, OGR SQL as GDAL
// takes it, CQL2 as text and as JSON, and where it is an equality a parameter.
//
//   const c = leaf("=", "education", "bachelor");
//   sql(c); ogr(c); cql(c); json(c); parameter(c);
const numbers = ["openings", "pay_min", "pay_max", "stipend", "months", "experience"];
const times = ["published_at", "expires_at"];
export const type = (property) => (numbers.includes(property) ? "number" : times.includes(property) ? "time" : "text");

export const leaf = (op, property, value) => ({ op, property, value });
export const all = (...args) => ({ op: "and", args });
export const any = (...args) => ({ op: "or", args });
export const not = (arg) => ({ op: "not", args: [arg] });

const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
const joined = (c, print, word) => c.args.map((arg) => `(${print(arg)})`).join(` ${word} `);

// A language by how it writes a property, a value, and patterns.
function printer({ name, value, like, ilike }) {
  const print = (c) => {
    if (c.op === "and" || c.op === "or") return joined(c, print, c.op.toUpperCase());
    if (c.op === "not") return `NOT (${print(c.args[0])})`;
    const column = name(c.property), one = (v) => value(v, c.property);
    if (c.op === "isNull") return `${column} IS NULL`;
    if (c.op === "in") return `${column} IN (${c.value.map(one).join(",")})`;
    if (c.op === "between") return `${column} BETWEEN ${one(c.value[0])} AND ${one(c.value[1])}`;
    if (c.op === "like") return like(column, c.value);
    if (c.op === "ilike") return ilike(column, c.value);
    return `${column} ${c.op} ${one(c.value)}`;
  };
  return print;
}

// As the database has it: money in fen, times in seconds. LIKE of SQLite ignores the case of ASCII, GLOB doesn't.
export const sql = printer({
  name: (p) => (p === "id" ? "(source || ':' || id)" : ["pay_min", "pay_max", "stipend"].includes(p) ? `(${p} / 100.0)` : `"${p}"`),
  value: (v, p) => (type(p) === "number" ? String(v) : type(p) === "time" ? String(Date.parse(v) / 1000) : quoted(v)),
  like: (column, pattern) => `${column} GLOB ${quoted(pattern.replaceAll("%", "*").replaceAll("_", "?"))}`,
  ilike: (column, pattern) => `${column} LIKE ${quoted(pattern)}`,
});

export const ogr = printer({
  name: (p) => p,
  value: (v, p) => (type(p) === "number" ? String(v) : quoted(v)),
  like: (column, pattern) => `${column} LIKE ${quoted(pattern)}`,
  ilike: (column, pattern) => `${column} ILIKE ${quoted(pattern)}`,
});

export const cql = printer({
  name: (p) => p,
  value: (v, p) => (type(p) === "number" ? String(v) : type(p) === "time" ? `TIMESTAMP(${quoted(v)})` : quoted(v)),
  like: (column, pattern) => `${column} LIKE ${quoted(pattern)}`,
  ilike: (column, pattern) => `CASEI(${column}) LIKE CASEI(${quoted(pattern)})`,
});

export function json(c) {
  if (c.args) return { op: c.op, args: c.args.map(json) };
  const property = { property: c.property };
  const one = (v) => (type(c.property) === "time" ? { timestamp: v } : v);
  const casei = (of) => ({ op: "casei", args: [of] });
  if (c.op === "isNull") return { op: "isNull", args: [property] };
  if (c.op === "in") return { op: "in", args: [property, c.value.map(one)] };
  if (c.op === "between") return { op: "between", args: [property, ...c.value.map(one)] };
  if (c.op === "ilike") return { op: "like", args: [casei(property), casei(c.value)] };
  return { op: c.op, args: [property, one(c.value)] };
}

export const parameter = (c) => (c.op === "=" ? { [c.property]: String(c.value) } : null);
