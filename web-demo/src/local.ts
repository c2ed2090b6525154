// The money and the days that the city's answers count in, as the last of them said.
//
//   useLocal(page);  money().name === "元";  localDay(new Date(), "zh-CN") === "2026年12月1日"
import { language } from "./strings";

let currency = "CNY";
let zone: string | undefined; // the reader's own until an answer says the city's

export function useLocal(answer: { currency?: string; time_zone?: string }): void {
  currency = answer.currency ?? currency;
  zone = answer.time_zone ?? zone;
}

// A currency as a word ("元", "euro") and as a sign before the amount ("¥", "€").
export interface Money {
  name: string;
  sign: string;
}

export function money(): Money {
  if (currency === "CNY") return { name: language() === "zh" ? "元" : "yuan", sign: "¥" };
  try {
    const parts = new Intl.NumberFormat(language(), { style: "currency", currency, currencyDisplay: "narrowSymbol" });
    const sign = parts.formatToParts(1).find((part) => part.type === "currency")?.value ?? currency;
    return { name: new Intl.DisplayNames(language(), { type: "currency" }).of(currency) ?? currency, sign };
  } catch {
    return { name: currency, sign: `${currency} ` }; // a code that the browser doesn't know
  }
}

export function localDay(date: Date, lang: string): string {
  const options: Intl.DateTimeFormatOptions = { year: "numeric", month: "long", day: "numeric" };
  try {
    return date.toLocaleDateString(lang, { ...options, timeZone: zone });
  } catch {
    return date.toLocaleDateString(lang, options); // offsets are zones in newer browsers alone
  }
}
