import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Navigate, useLocation } from "@tanstack/react-router";

import { problemIn } from "../hub/problem.ts";
import { sessionQuery } from "../hub/use-session.ts";
import { useLanguage } from "../language/use-language.tsx";
import { Failed } from "../ui/states.tsx";
import { Shell } from "./shell.tsx";

/** Lets in whoever is signed in; others sign in first and come back to where they were going. */
export function Gate() {
  const { t } = useLanguage();
  const session = useQuery(sessionQuery);
  const { href } = useLocation();
  if (session.isError)
    return (
      <Center mih="100vh" p="md">
        <Failed problem={problemIn(session.error)} retry={() => void session.refetch()} />
      </Center>
    );
  if (session.data === undefined)
    return (
      <Center mih="100vh" role="status" aria-label={t("state.loading")}>
        <Loader />
      </Center>
    );
  if (session.data === null) return <Navigate to="/sign-in" search={href === "/pulse" ? {} : { to: href }} replace />;
  return <Shell />;
}
