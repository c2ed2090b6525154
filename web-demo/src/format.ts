// Numbers, money, distances and days as a person reads them, in the page's language.
//
//   distance(1240) === "1.2 公里";  pay(job) === "9,000–14,000 元/月"
import { localDay, money } from "./local";
import type { PayUnit } from "./state";
import { t } from "./strings";
import type { Job } from "./types";

// Made once: toLocaleString() makes a formatter at every call, which a list of jobs feels.
const whole = new Intl.NumberFormat("en-US");
const cents = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
export const count = (n: number): string => whole.format(n);

export function distance(metres: number): string {
  if (metres < 999.5) return t().metres(String(Math.round(metres)));
  return t().kilometres((metres / 1000).toFixed(metres < 9950 ? 1 : 0).replace(/\.0$/, ""));
}

const amount = (pay: number): string => cents.format(pay);

export function pay(job: Job): string {
  if (job.pay_unit && (job.pay_min !== undefined || job.pay_max !== undefined)) {
    const unit = t().units[job.pay_unit as PayUnit] ?? job.pay_unit;
    if (job.pay_min === undefined) return t().upTo(t().payPer(amount(job.pay_max ?? 0), unit, money()));
    if (job.pay_max === undefined) return t().atLeast(t().payPer(amount(job.pay_min), unit, money()));
    const range = job.pay_min === job.pay_max ? amount(job.pay_min) : `${amount(job.pay_min)}–${amount(job.pay_max)}`;
    return t().payPer(range, unit, money());
  }
  return job.stipend !== undefined ? t().stipend(amount(job.stipend), money()) : t().negotiable;
}

export function day(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return time;
  return localDay(date, t().lang);
}

export function daysLeft(time: string, now = Date.now()): string {
  const left = new Date(time).getTime() - now;
  if (Number.isNaN(left)) return "";
  return left < 0 ? t().expired : t().daysLeft(Math.floor(left / 86_400_000));
}
