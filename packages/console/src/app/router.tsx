import { createRootRoute, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router";

import { MyAccount } from "../account/my-account.tsx";
import { Audit } from "../audit/audit.tsx";
import { Colleagues } from "../colleagues/colleagues.tsx";
import { Customer } from "../customer/customer.tsx";
import { Customers } from "../customers/customers.tsx";
import { DeadLetters } from "../dead-letters/dead-letters.tsx";
import { Decision } from "../decision/decision.tsx";
import { Decisions } from "../decisions/decisions.tsx";
import { Keys } from "../keys/keys.tsx";
import { Pulse } from "../pulse/pulse.tsx";
import { Claim } from "../sign-in/claim.tsx";
import { SignIn } from "../sign-in/sign-in.tsx";
import { Gate } from "./gate.tsx";
import { NotFound } from "./not-found.tsx";

type Given = Record<string, unknown>;
const text = (given: unknown): string | undefined =>
  typeof given === "string" && given !== "" ? given : typeof given === "number" ? String(given) : undefined;
/** Only what was set, so that addresses stay short. */
const only = <Name extends string>(names: readonly Name[], given: Given): { [K in Name]?: string } =>
  Object.fromEntries(names.flatMap((name) => (text(given[name]) ? [[name, text(given[name])]] : []))) as {
    [K in Name]?: string;
  };

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (given: Given) => only(["to"], given),
  component: () => <SignIn to={signIn.useSearch().to ?? "/pulse"} />,
});
const claim = createRoute({
  getParentRoute: () => root,
  path: "/claim",
  validateSearch: (given: Given) => only(["token"], given),
  component: () => <Claim token={claim.useSearch().token ?? null} />,
});

const inside = createRoute({ getParentRoute: () => root, id: "inside", component: Gate, notFoundComponent: NotFound });
const home = createRoute({
  getParentRoute: () => inside,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/pulse" });
  },
});
const pulse = createRoute({ getParentRoute: () => inside, path: "/pulse", component: Pulse });
const customers = createRoute({
  getParentRoute: () => inside,
  path: "/customers",
  validateSearch: (given: Given) => only(["q"], given),
  component: () => {
    const navigate = customers.useNavigate();
    const seek = (q: string) => void navigate({ search: q ? { q } : {}, replace: true });
    return <Customers q={customers.useSearch().q ?? ""} onSeek={seek} />;
  },
});
const customer = createRoute({
  getParentRoute: () => inside,
  path: "/customers/$customerId",
  validateSearch: (given: Given) => only(["tab", "channel", "kind"], given),
  component: () => {
    const navigate = customer.useNavigate();
    const { customerId } = customer.useParams();
    const look = (search: { tab?: string; channel?: string; kind?: string }) =>
      void navigate({ search, replace: true });
    return <Customer key={customerId} customerId={customerId} view={customer.useSearch()} onLook={look} />;
  },
});
const decisions = createRoute({
  getParentRoute: () => inside,
  path: "/decisions",
  validateSearch: (given: Given) => only(["outcome", "policy", "action"], given),
  component: () => {
    const navigate = decisions.useNavigate();
    return (
      <Decisions filters={decisions.useSearch()} onFilter={(search) => void navigate({ search, replace: true })} />
    );
  },
});
const decision = createRoute({
  getParentRoute: () => inside,
  path: "/customers/$customerId/decisions/$decisionId",
  component: () => {
    const params = decision.useParams();
    return <Decision key={params.decisionId} {...params} />;
  },
});
const keys = createRoute({ getParentRoute: () => inside, path: "/settings/keys", component: Keys });
const colleagues = createRoute({ getParentRoute: () => inside, path: "/settings/colleagues", component: Colleagues });
const account = createRoute({ getParentRoute: () => inside, path: "/account", component: MyAccount });
const audit = createRoute({ getParentRoute: () => inside, path: "/settings/audit", component: Audit });
const deadLetters = createRoute({
  getParentRoute: () => inside,
  path: "/settings/dead-letters",
  validateSearch: (given: Given) => only(["stage", "source", "reason", "from", "to"], given),
  component: () => {
    const navigate = deadLetters.useNavigate();
    return (
      <DeadLetters filters={deadLetters.useSearch()} onFilter={(search) => void navigate({ search, replace: true })} />
    );
  },
});

const rooms = [home, pulse, customers, customer, decisions, decision, keys, colleagues, account, audit, deadLetters];

/** Every address of the console and the screen that answers it. */
export const router = createRouter({
  routeTree: root.addChildren([signIn, claim, inside.addChildren(rooms)]),
  scrollRestoration: true,
  defaultNotFoundComponent: NotFound,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
