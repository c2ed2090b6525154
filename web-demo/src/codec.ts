// How one field of the state is written in the URL, and read back. A reader gives null for what it can't read: the
// field then keeps its default, so a mangled link still opens the map.
//
//   const minutes = number(1, 120);
//   minutes.read("45") === 45;  minutes.read("1e9") === null;  minutes.write(45) === "45"
export interface Codec<T> {
  read(text: string): T | null;
  write(value: T): string;
}

export const text: Codec<string> = { read: (given) => given || null, write: (value) => value };

export function number(low: number, high: number, whole = true): Codec<number> {
  return {
    read: (given) => {
      const value = given.trim() === "" ? NaN : Number(given);
      return value >= low && value <= high && (!whole || Number.isInteger(value)) ? value + 0 : null;
    },
    write: String,
  };
}

export function oneOf<T extends string>(allowed: readonly T[]): Codec<T> {
  return { read: (given) => allowed.find((value) => value === given) ?? null, write: (value) => value };
}

export const flag: Codec<boolean> = {
  read: (given) => (given === "1" ? true : given === "0" ? false : null),
  write: (value) => (value ? "1" : "0"),
};

// Some of a fixed set, in its order; what is not of the set is left out.
export function someOf<T extends string>(allowed: readonly T[]): Codec<readonly T[]> {
  return {
    read: (given) => allowed.filter((value) => given.split(",").includes(value)),
    write: (values) => allowed.filter((value) => values.includes(value)).join(","),
  };
}

// Ids, which hold no comma of their own.
export const ids: Codec<readonly string[]> = {
  read: (given) => given.split(",").filter((id) => id !== ""),
  write: (values) => values.join(","),
};

// As many numbers as there are bounds, separated by `mark`.
export function tuple<T extends readonly number[]>(mark: string, bounds: readonly [number, number][]): Codec<T> {
  return {
    read: (given) => {
      const values = given.split(mark).map((part, i) => {
        const [low, high] = bounds[i] ?? [1, 0];
        return number(low, high, false).read(part);
      });
      return values.length === bounds.length && !values.includes(null) ? (values as unknown as T) : null;
    },
    write: (values) => values.join(mark),
  };
}

// Several of them, at most `most`; none where one can't be read.
export function several<T>(one: Codec<T>, mark: string, most: number): Codec<readonly T[]> {
  return {
    read: (given) => {
      const values = given.split(mark).map(one.read);
      return values.length <= most && !values.includes(null) ? (values as T[]) : null;
    },
    write: (values) => values.map(one.write).join(mark),
  };
}
