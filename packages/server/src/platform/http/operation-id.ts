/**
 * The name of an operation in the API's description, from its method and address: `GET /api/customers/:customerId/timeline`
 * is `getCustomersByCustomerIdTimeline`. It changes only when the address does; generated clients name their functions so.
 */
export function operationIdOf(method: string, url: string): string {
  const words = url
    .replace(/^\/api\//, "/")
    .split("/")
    .slice(1)
    .map((part) => {
      if (part === "") return "Slash";
      return part.startsWith(":")
        ? `By${capital(part.slice(1))}`
        : part
            .split(/[^A-Za-z0-9]+/)
            .map(capital)
            .join("");
    });
  return method.toLowerCase() + words.join("");
}

const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);
