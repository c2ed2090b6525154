// The words of the page in the language it is read in.
//
//   useLanguage("en"); t().search; t().people("3")
import type { Language } from "./state";
import { en } from "./words/en";
import { type Strings, zh } from "./words/zh";

const tables: Record<Language, Strings> = { zh, en };
let current: Strings = zh;
let spoken: Language = "zh";

export function useLanguage(language: Language): void {
  spoken = language;
  current = tables[language];
  document.documentElement.lang = current.lang;
}

export const language = (): Language => spoken;
export const t = (): Strings => current;
