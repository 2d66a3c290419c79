import { AppShell, Burger, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

import { useSession } from "../hub/use-session.ts";
import { useLanguage } from "../language/use-language.tsx";
import { Account } from "./account.tsx";
import { Keyboard } from "./keyboard.tsx";
import { LanguageSwitch } from "./language-switch.tsx";
import { Mark } from "./mark.tsx";
import { Navigation } from "./navigation.tsx";
import { SchemeSwitch } from "./scheme-switch.tsx";
import { Search } from "./search.tsx";

/** What surrounds every room: ways to the others, the search, the language and the light. */
export function Shell() {
  const { t } = useLanguage();
  const { session } = useSession();
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  const search = useRef<HTMLInputElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another room was entered, so the menu has done its work
  useEffect(close, [pathname]);
  return (
    <>
      <a className="skip" href="#room">
        {t("app.skip")}
      </a>
      <AppShell
        layout="alt"
        padding={{ base: "sm", sm: "lg" }}
        header={{ height: 56 }}
        navbar={{ width: 224, breakpoint: "sm", collapsed: { mobile: !opened } }}
      >
        <AppShell.Header
          px={{ base: "sm", sm: "lg" }}
          bg="var(--room-ground)"
          style={{ borderColor: "var(--room-line)" }}
        >
          <Group h="100%" justify="space-between" wrap="nowrap" gap="xs">
            <Group gap="xs" wrap="nowrap" style={{ flex: "1 1 auto", minWidth: 0 }}>
              <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t("app.menu")} />
              <Search ref={search} />
            </Group>
            <Group gap={4} wrap="nowrap">
              <LanguageSwitch />
              <SchemeSwitch />
              <Account />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar className="nav" p="sm" aria-label={t("app.navigation")}>
          <Group justify="space-between" px="xs" py={6} mb="sm" wrap="nowrap">
            <Group gap="sm" wrap="nowrap" miw={0}>
              <Mark />
              <div style={{ minWidth: 0 }}>
                <Text fw={650} c="#fff" lh={1.2}>
                  Rapport
                </Text>
                <Text size="xs" c="#a9c4be" truncate lh={1.3}>
                  {session?.company.name}
                </Text>
              </div>
            </Group>
            <Burger opened onClick={close} hiddenFrom="sm" size="sm" color="#fff" aria-label={t("do.close")} />
          </Group>
          <Navigation />
        </AppShell.Navbar>
        <AppShell.Main id="room" tabIndex={-1} style={{ outline: "none" }}>
          <Outlet />
        </AppShell.Main>
      </AppShell>
      <Keyboard onSearch={() => search.current?.focus()} />
    </>
  );
}
