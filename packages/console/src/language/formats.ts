const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Numbers and moments written the language's way, moments in the browser's zone unless another is given. */
export function formatsOf(locale: string, zone?: string) {
  const inZone = zone ? { timeZone: zone } : {};
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium", ...inZone });
  const clocks = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...inZone });
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium", ...inZone });
  const ages = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });

  const number = (value: number, digits = 2) =>
    digits === 2 ? plain.format(value) : new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);

  return {
    number,
    /** Always two decimals, for figures that stand under each other. */
    fixed: (value: number) =>
      new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value),
    /** Short for axes and tiles: 14.5K. */
    short: (value: number) =>
      new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 }).format(value),
    percent: (share: number) =>
      new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: share < 0.01 ? 1 : 0 }).format(share),
    money: (sum: number, currency: string) =>
      currency
        ? new Intl.NumberFormat(locale, {
            style: "currency",
            currency,
            currencyDisplay: "narrowSymbol",
            minimumFractionDigits: digitsOf(sum),
            maximumFractionDigits: digitsOf(sum),
          }).format(sum)
        : number(sum),
    date: (at: number) => dates.format(at),
    clock: (at: number) => clocks.format(at),
    moment: (at: number) => moments.format(at),
    /** "3 min ago"; a date when it is longer ago than a week. */
    ago: (at: number, now: number): string => {
      const age = now - at;
      if (Math.abs(age) < MINUTE) return ages.format(-Math.round(age / 1_000), "second");
      if (Math.abs(age) < HOUR) return ages.format(-Math.round(age / MINUTE), "minute");
      if (Math.abs(age) < DAY) return ages.format(-Math.round(age / HOUR), "hour");
      if (Math.abs(age) < 7 * DAY) return ages.format(-Math.round(age / DAY), "day");
      return dates.format(at);
    },
    /** A length of time in its largest whole unit: "7 days", "2 hours". */
    span: (ms: number): string => {
      const [value, unit] =
        ms >= DAY
          ? [ms / DAY, "day"]
          : ms >= HOUR
            ? [ms / HOUR, "hour"]
            : ms >= MINUTE
              ? [ms / MINUTE, "minute"]
              : [ms / 1_000, "second"];
      const shown = value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
      return new Intl.NumberFormat(locale, { style: "unit", unit: unit as string, unitDisplay: "long" }).format(shown);
    },
    /** A usage: megabytes become gigabytes where that reads better. */
    usage: (value: number, unit: string): string => {
      const [shown, of] =
        unit === "MB"
          ? value >= 1_000
            ? [value / 1_024, "gigabyte"]
            : [value, "megabyte"]
          : [value, unit === "min" ? "minute" : ""];
      const digits = { maximumFractionDigits: Number(shown) < 10 && of === "gigabyte" ? 1 : 0 };
      return new Intl.NumberFormat(
        locale,
        of ? { style: "unit", unit: String(of), unitDisplay: "short", ...digits } : digits,
      ).format(Number(shown));
    },
  };
}

export type Formats = ReturnType<typeof formatsOf>;

/** Cents matter to small sums and thousandths to the price of a letter. */
function digitsOf(sum: number): number {
  const size = Math.abs(sum);
  if (size >= 100) return 0;
  return size > 0 && size < 0.01 ? 3 : 2;
}
