/** A scenario pack for the benches: it decides on every `data used` among ten actions, and writes an e-mail on every `ping`. */
export const loopPack = {
  name: "bench",
  version: "1",
  title: { en: "Bench" },
  expects: { en: "Nothing." },
  features: [
    { name: "mb_30d", kind: "sum", events: ["data used"], property: "mb", window: "30d" },
    { name: "mb_by_day", kind: "daily", events: ["data used"], property: "mb", window: "90d" },
    { name: "uses_24h", kind: "count", events: ["data used"], window: "24h" },
    { name: "last_app", kind: "last", events: ["data used"], property: "app", window: "30d" },
  ],
  policies: [
    policy("every-use", "data used", [
      ...Array.from({ length: 10 }, (_, index) => ({
        ...action(`offer-${index}`),
        eligible: `features.mb_30d > ${index < 5 ? 0 : 1_000_000_000 + index}.0 && features.uses_24h >= 1.0`,
        success: `0.01 + features.uses_24h / 100000.0`,
        valueToCompany: -1 - index,
        valueToCustomer: 0.5,
      })),
    ]),
    policy("every-ping", "ping", [{ ...action("answer"), success: 0.9, valueToCompany: 10, valueToCustomer: 10 }]),
  ],
  messages: {
    hello: {
      email: {
        en: {
          subject: "Hello",
          text: "Hello {{ customer.name }}, you used {{ event.properties.mb }} MB (sent-{{ event.properties.sentFrom }}).",
        },
      },
    },
  },
};

function action(name: string) {
  return { name, title: name, purpose: "service", class: "optional", templates: { email: "hello" } };
}

function policy(name: string, on: string, actions: object[]) {
  return {
    name,
    version: "1",
    on: [on],
    currency: "USD",
    // A bench writes to more people than ever each time.
    surge: { atLeast: 1_000_000_000 },
    channels: { email: { cost: 0.001 } },
    contact: { consent: { service: { default: "opt-out", source: "bench", since: "2026-01-01" } } },
    actions,
  };
}
