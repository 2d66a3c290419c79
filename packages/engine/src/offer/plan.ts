/** A tariff. Money is in the company's currency; a gigabyte is 1,024 megabytes. */
export type Plan = {
  name: string;
  monthlyPay: number;
  included: { mb: number; minutes: number; messages: number };
  /** Beyond what is included: for each started gigabyte, each started minute, each message. */
  price: { gb: number; minute: number; message: number };
};

/** More data for the rest of the cycle it is bought in; what is left of it at the end is lost. */
export type TopUp = { name: string; gb: number; price: number };

/** What a customer uses in a whole cycle. */
export type Usage = { mb: number; minutes: number; messages: number };

export const MB_PER_GB = 1024;

/** What a cycle's usage costs on a plan with `extraGb` bought on top, the price of those apart. */
export function costOf(plan: Plan, usage: Usage, extraGb = 0): number {
  const mbOver = usage.mb - plan.included.mb - extraGb * MB_PER_GB;
  return (
    plan.monthlyPay +
    started(mbOver / MB_PER_GB) * plan.price.gb +
    started(usage.minutes - plan.included.minutes) * plan.price.minute +
    started(usage.messages - plan.included.messages) * plan.price.message
  );
}

function started(over: number): number {
  return over > 0 ? Math.ceil(over) : 0;
}
