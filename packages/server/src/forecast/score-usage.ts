import { areaUnderCurve, precisionAndRecall, type UsageForecast, wape } from "@rapport/engine/forecast/index";

/** One forecast looked back on: the month's real `total`, the forecast, and what the baselines said. */
export type Outlook = {
  total: number;
  allowance: number;
  forecast: UsageForecast;
  exceeds: number;
  line: number;
  lastMonth: number;
  blend: number;
};

/** One subscriber's month, day by day; `crossedOn` is the day of the month on which the allowance was passed. */
export type MonthWatch = { wholeMonthBefore: boolean; crossedOn: number | null; outlooks: Map<number, Outlook> };

export type Method = "forecast" | "line" | "lastMonth" | "blend";
export const METHODS: readonly Method[] = ["forecast", "line", "lastMonth", "blend"];

export type MethodScores = { method: Method; wape: number; auc: number; precision: number; recall: number };
export type DayScores = { day: number; count: number; coverage80: number; coverage90: number; methods: MethodScores[] };

/** Scores the forecasts made at the end of one day of the month. */
export function scoreDay(day: number, outlooks: readonly Outlook[], threshold: number): DayScores {
  const within = (low: "low80" | "low90", high: "high80" | "high90") =>
    outlooks.filter(({ total, forecast }) => forecast[low] <= total && total <= forecast[high]).length /
    outlooks.length;
  return {
    day,
    count: outlooks.length,
    coverage80: within("low80", "high80"),
    coverage90: within("low90", "high90"),
    methods: METHODS.map((method) => ({
      method,
      wape: wape(outlooks.map((outlook) => ({ actual: outlook.total, forecast: pointOf(outlook, method) }))),
      auc: areaUnderCurve(
        outlooks.map((outlook) => ({ score: concernOf(outlook, method), happened: exceeded(outlook) })),
      ),
      ...precisionAndRecall(
        outlooks.map((outlook) => ({ alerted: alerts(outlook, method, threshold), happened: exceeded(outlook) })),
      ),
    })),
  };
}

/** Alerts over whole months: each month's first alert before the allowance is passed, and how many days it was ahead. */
export type AlertScores = {
  crossings: number;
  methods: { method: Method; precision: number; recall: number; leadDaysMean: number; leadDaysMedian: number }[];
};

export function scoreAlerts(months: readonly MonthWatch[], threshold: number): AlertScores {
  const methods = METHODS.map((method) => {
    const firsts = months.map((month) => ({
      crossedOn: month.crossedOn,
      alertedOn: firstAlert(month, method, threshold),
    }));
    const leads = firsts.flatMap(({ crossedOn, alertedOn }) =>
      crossedOn !== null && alertedOn !== null ? [crossedOn - alertedOn] : [],
    );
    const cases = firsts.map(({ crossedOn, alertedOn }) => ({
      alerted: alertedOn !== null,
      happened: crossedOn !== null,
    }));
    return { method, ...precisionAndRecall(cases), leadDaysMean: mean(leads), leadDaysMedian: median(leads) };
  });
  return { crossings: months.filter(({ crossedOn }) => crossedOn !== null).length, methods };
}

function firstAlert({ crossedOn, outlooks }: MonthWatch, method: Method, threshold: number): number | null {
  for (const [day, outlook] of outlooks) {
    if (crossedOn !== null && day >= crossedOn) return null;
    if (alerts(outlook, method, threshold)) return day;
  }
  return null;
}

function alerts(outlook: Outlook, method: Method, threshold: number): boolean {
  return method === "forecast" ? outlook.exceeds >= threshold : pointOf(outlook, method) > outlook.allowance;
}

const exceeded = ({ total, allowance }: Outlook) => total > allowance;

function pointOf(outlook: Outlook, method: Method): number {
  return method === "forecast" ? outlook.forecast.median : outlook[method];
}

/** The more the likelier to go over. A baseline that is a number alone is compared with the allowance. */
function concernOf(outlook: Outlook, method: Method): number {
  return method === "forecast" ? outlook.exceeds : outlook[method] / outlook.allowance;
}

function mean(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : Number.NaN;
}

function median(values: readonly number[]): number {
  const ascending = [...values].sort((a, b) => a - b);
  const middle = ascending.length >> 1;
  return ascending.length % 2 === 1
    ? (ascending[middle] ?? Number.NaN)
    : ((ascending[middle - 1] ?? Number.NaN) + (ascending[middle] ?? Number.NaN)) / 2;
}
