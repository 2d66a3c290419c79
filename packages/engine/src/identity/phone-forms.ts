/** Two ways to write one subscriber's number. `isOver`: the country's plan no longer has the first. */
type Pair = { first: RegExp; toSecond: string; second: RegExp; toFirst: string; isOver: boolean };

const PAIRS: readonly Pair[] = [
  // Mexico, 1 before mobiles, gone since 3 August 2019 (IFT, numbering plan of 2018).
  changed([/^\+521([2-9]\d{9})$/, "+52$1"], [/^\+52([2-9]\d{9})$/, "+521$1"]),
  // Brazil, the ninth digit of mobiles (Anatel, resolution 553 of 2010; everywhere since November 2016).
  changed([/^\+55([1-9]\d)([6-9]\d{7})$/, "+55$19$2"], [/^\+55([1-9]\d)9([6-9]\d{7})$/, "+55$1$2"]),
  // Argentina, 9 before mobiles that are called from abroad (ENACOM, numbering plan); networks write both.
  { ...changed([/^\+54([1-8]\d{9})$/, "+549$1"], [/^\+549([1-8]\d{9})$/, "+54$1"]), isOver: false },
  // Benin, 01 before all numbers since 30 November 2024 (ARCEP Bénin).
  changed([/^\+229([2-9]\d{7})$/, "+22901$1"], [/^\+22901([2-9]\d{7})$/, "+229$1"]),
  // Ivory Coast, the operator's prefix before mobiles since 31 January 2021 (ARTCI).
  changed([/^\+225([04-9][0-3]\d{6})$/, "+22501$1"], [/^\+22501([04-9][0-3]\d{6})$/, "+225$1"]),
  changed([/^\+225([04-9][4-6]\d{6})$/, "+22505$1"], [/^\+22505([04-9][4-6]\d{6})$/, "+225$1"]),
  changed([/^\+225([04-9][7-9]\d{6})$/, "+22507$1"], [/^\+22507([04-9][7-9]\d{6})$/, "+225$1"]),
  // Cameroon, 6 before mobiles since 21 November 2014 (ART).
  changed([/^\+237([79]\d{7})$/, "+2376$1"], [/^\+2376([79]\d{7})$/, "+237$1"]),
  // Vietnam, mobiles of eleven digits have ten since 15 September 2018 (MIC, plan 798/QD-BTTTT).
  ...Object.entries({
    ...{ 162: 32, 163: 33, 164: 34, 165: 35, 166: 36, 167: 37, 168: 38, 169: 39 },
    ...{ 120: 70, 121: 79, 122: 77, 126: 76, 128: 78, 123: 83, 124: 84, 125: 85, 127: 81, 129: 82 },
    ...{ 186: 56, 188: 58, 199: 59 },
  }).map(([old, now]) =>
    changed([new RegExp(`^\\+84${old}(\\d{7})$`), `+84${now}$1`], [new RegExp(`^\\+84${now}(\\d{7})$`), `+84${old}$1`]),
  ),
];

function changed([first, toSecond]: [RegExp, string], [second, toFirst]: [RegExp, string]): Pair {
  return { first, toSecond, second, toFirst, isOver: true };
}

/** All forms of a number (E.164) that are the same subscriber's, itself first: whoever closes one closes them all. */
export function phoneForms(number: string): readonly string[] {
  for (const { first, toSecond, second, toFirst } of PAIRS) {
    if (first.test(number)) return [number, number.replace(first, toSecond)];
    if (second.test(number)) return [number, number.replace(second, toFirst)];
  }
  return [number];
}

/** The form that the country's plan has now; the number itself where both are in use. */
export function currentPhone(number: string): string {
  const pair = PAIRS.find(({ first, isOver }) => isOver && first.test(number));
  return pair === undefined ? number : number.replace(pair.first, pair.toSecond);
}
