import { Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Role } from "@rapport/contract/api";

import { useSession } from "../hub/use-session.ts";
import type { Key } from "../language/languages.ts";
import { useLanguage } from "../language/use-language.tsx";
import { Icon, type IconName } from "../ui/icon.tsx";

type Way = { to: string; words: Key & `room.${string}`; icon: IconName; role: Role };

const ROOMS = [
  { to: "/pulse", words: "room.pulse", icon: "pulse", role: "viewer" },
  { to: "/customers", words: "room.customers", icon: "customers", role: "viewer" },
  { to: "/decisions", words: "room.decisions", icon: "decisions", role: "viewer" },
] as const satisfies Way[];
const SETTINGS = [
  { to: "/settings/keys", words: "room.keys", icon: "key", role: "admin" },
  { to: "/settings/colleagues", words: "room.colleagues", icon: "colleagues", role: "manager" },
  { to: "/settings/audit", words: "room.audit", icon: "audit", role: "admin" },
  { to: "/settings/dead-letters", words: "room.deadLetters", icon: "dead", role: "viewer" },
] as const satisfies Way[];

/** The ways to every room that the role may enter. */
export function Navigation() {
  const { t } = useLanguage();
  const { may } = useSession();
  const ways = (of: readonly ((typeof ROOMS)[number] | (typeof SETTINGS)[number])[]) =>
    of
      .filter(({ role }) => may(role))
      .map(({ to, words, icon }) => (
        <Link key={to} to={to} className="nav-link" activeOptions={{ includeSearch: false }}>
          <Icon name={icon} />
          {t(words)}
        </Link>
      ));
  return (
    <Stack gap={2}>
      {ways(ROOMS)}
      <Text size="xs" fw={600} c="#8fb0a9" px="sm" pt="lg" pb={4}>
        {t("room.settings")}
      </Text>
      {ways(SETTINGS)}
    </Stack>
  );
}
