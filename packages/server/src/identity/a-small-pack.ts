/** A pack that counts what customers do and confirms what they order: enough to have features, decisions and messages. */
export const aSmallPack = {
  name: "small",
  version: "1",
  title: { en: "Small" },
  expects: { en: "Nothing" },
  features: [
    { name: "seen_7d", kind: "count", events: ["Seen"], window: "7d" },
    { name: "spent_30d", kind: "sum", events: ["Seen"], property: "amount", window: "30d" },
    { name: "last_item", kind: "last", events: ["Seen"], property: "item", window: "30d" },
    { name: "items_30d", kind: "distinct", events: ["Seen"], property: "item", window: "30d" },
  ],
  policies: [
    {
      name: "confirm",
      version: "1",
      on: ["Ordered"],
      currency: "USD",
      channels: { sms: { cost: 0.01 } },
      contact: { consent: { service: { default: "opt-out", source: "contract", since: "2026-01-01" } } },
      actions: [
        {
          name: "confirm",
          title: "Confirm",
          purpose: "service",
          class: "must-send",
          success: 1,
          valueToCompany: 1,
          valueToCustomer: 1,
          templates: { sms: "confirm" },
          stepHints: { accept: "confirmed" },
        },
      ],
    },
  ],
  messages: { confirm: { sms: { en: { text: "Thank you for your order." } } } },
};
