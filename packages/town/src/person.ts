import { type Habits, habitsOf } from "./habits.ts";
import type { Language } from "./language.ts";
import { pick, type Random, randomOf } from "./random-of.ts";

/** One who lives in the town. All of it follows from the town's seed and the person's number. */
export type Person = {
  id: string;
  name: { first: string; last: string };
  language: Language;
  locale: string;
  /** IANA time zone. */
  zone: string;
  preferred: "email" | "sms";
  email: string;
  /** E.164. */
  phone: string;
  habits: Habits;
};

const TONGUES: Record<
  Language,
  { locale: string; zones: [string, ...string[]]; first: [string, ...string[]]; last: [string, ...string[]] }
> = {
  en: {
    locale: "en-US",
    zones: ["America/Chicago", "America/New_York", "America/Los_Angeles", "America/Phoenix"],
    first: ["Anna", "James", "Mary", "Robert", "Linda", "David", "Susan", "Thomas", "Karen", "Daniel"],
    last: ["Miller", "Johnson", "Baker", "Carter", "Hill", "Cooper", "Ward", "Reed", "Brooks", "Gray"],
  },
  ru: {
    locale: "ru-RU",
    zones: ["Europe/Moscow", "Asia/Yekaterinburg", "Asia/Novosibirsk", "Asia/Vladivostok"],
    first: ["Анна", "Иван", "Мария", "Сергей", "Ольга", "Дмитрий", "Елена", "Павел", "Наталья", "Алексей"],
    last: ["Лебедь", "Кравец", "Бондаренко", "Черных", "Седых", "Гончар", "Ткаченко", "Мельник", "Долгих", "Белых"],
  },
  zh: {
    locale: "zh-CN",
    zones: ["Asia/Shanghai"],
    first: ["伟", "芳", "娜", "敏", "静", "磊", "洋", "艳", "勇", "杰"],
    last: ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴"],
  },
};

/** Chicago and its neighbours; the exchange 555 is given to nobody, and the numbers are valid in form. */
const AREAS = [312, 773, 872, 630, 331, 708, 847, 224, 815, 779, 217, 309, 618];
const NUMBERS_AN_AREA = 10_000;

/** The people of a town, the first ones the same whatever the count. At most 130,000 have a telephone number. */
export function peopleOf({
  seed,
  count,
  domain = "town.example",
}: {
  seed: number;
  count: number;
  domain?: string;
}): Person[] {
  if (count > AREAS.length * NUMBERS_AN_AREA)
    throw new RangeError(`a town has room for ${AREAS.length * NUMBERS_AN_AREA} people`);
  return Array.from({ length: count }, (_, index) => aPerson(index, randomOf(seed, `person/${index}`), domain));
}

function aPerson(index: number, random: Random, domain: string): Person {
  const language = pick<Language>(random, ["en", "en", "ru", "zh"]);
  const tongue = TONGUES[language];
  const id = `p${index + 1}`;
  return {
    id,
    language,
    locale: tongue.locale,
    name: { first: pick(random, tongue.first), last: pick(random, tongue.last) },
    zone: pick(random, tongue.zones),
    preferred: random() < 0.55 ? "sms" : "email",
    email: `${id}@${domain}`,
    phone: `+1${AREAS[Math.floor(index / NUMBERS_AN_AREA)]}555${String(index % NUMBERS_AN_AREA).padStart(4, "0")}`,
    habits: habitsOf(random),
  };
}
