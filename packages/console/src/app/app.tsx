import { MantineProvider } from "@mantine/core";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";

import { HubProblem } from "../hub/problem.ts";
import { sessionQuery } from "../hub/use-session.ts";
import { LanguageProvider } from "../language/use-language.tsx";
import { look } from "./look.ts";
import { router } from "./router.tsx";

const client = new QueryClient({
  defaultOptions: { queries: { retry: shouldRetry, staleTime: 5_000, refetchOnWindowFocus: true } },
  queryCache: new QueryCache({ onError: signOutWhenRefused }),
});

/** The whole console: what every room needs, around the rooms. */
export function App() {
  return (
    <MantineProvider theme={look} defaultColorScheme="auto">
      <LanguageProvider>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </LanguageProvider>
    </MantineProvider>
  );
}

/** A session that ended while somebody worked: the gate sees it and asks to sign in. */
function signOutWhenRefused(fault: unknown): void {
  if (fault instanceof HubProblem && fault.problem.status === 401) client.setQueryData(sessionQuery.queryKey, null);
}

/** What the hub refused it will refuse again; a hub that was not reached may be there in a moment. */
function shouldRetry(failures: number, fault: unknown): boolean {
  const status = fault instanceof HubProblem ? fault.problem.status : 0;
  return failures < 1 && (status === 0 || status >= 500);
}
