import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";

import { EnrolFirst } from "../account/enrol-first.tsx";
import { problemIn } from "../hub/problem.ts";
import { sessionQuery } from "../hub/use-session.ts";
import { useLanguage } from "../language/use-language.tsx";
import { Failed } from "../ui/states.tsx";
import { Shell } from "./shell.tsx";

/** Lets in whoever is signed in; others sign in first and come back to where they were going. */
export function Gate() {
  const { t } = useLanguage();
  const session = useQuery(sessionQuery);
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
  if (session.data === null) return <SignInFirst />;
  if (session.data.mustEnrol) return <EnrolFirst />;
  return <Shell />;
}

/** Leaves once, with where the person was going: while the way is changing, the address is no longer that. */
function SignInFirst() {
  const navigate = useNavigate();
  const { history } = useRouter();
  useEffect(() => {
    const { href, pathname } = history.location;
    if (pathname === "/sign-in") return;
    void navigate({ to: "/sign-in", search: pathname === "/pulse" ? {} : { to: href }, replace: true });
  }, [navigate, history]);
  return null;
}
