import type { TestHub } from "@rapport/server/test-hub";

/** What the hub knows, when all is applied, of the customer who is found by these words. */
export async function toldOf(
  hub: TestHub,
  who: string,
): Promise<{ name: string | undefined; events: { name: string; channel: string }[] }> {
  await hub.idle();
  const { body } = await hub.call("GET", `/api/customers?q=${encodeURIComponent(who)}`);
  const [customer] = (body as { customers: { customerId: string; name: string }[] }).customers;
  if (!customer) return { name: undefined, events: [] };
  const told = await hub.call("GET", `/api/customers/${customer.customerId}/timeline`);
  const { events } = told.body as { events: { name: string; channel: string }[] };
  return { name: customer.name, events };
}
