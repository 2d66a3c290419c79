import { Button, Group, Select, Stack, TextInput } from "@mantine/core";
import type { Role } from "@rapport/contract/api";
import { useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { Failed } from "../ui/states.tsx";
import { ROLES } from "./roles.ts";
import { useInvite } from "./use-colleagues.ts";

/** Makes a one-time link by which a new colleague chooses a password. The hub sends nothing: you hand it over. */
export function Invite() {
  const { t } = useLanguage();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("agent");
  const [link, setLink] = useState<{ name: string; url: string } | null>(null);
  const { does, isBusy, problem } = useInvite();
  return (
    <Card title={t("colleagues.invite")} style={{ flex: "3 1 36rem" }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          does({ name, email, role }, ({ staff, token }) => {
            setLink({ name: staff.name, url: `${location.origin}/claim?token=${encodeURIComponent(token)}` });
            setName("");
            setEmail("");
          });
        }}
      >
        <Stack>
          <Group align="flex-end">
            <TextInput
              label={t("colleagues.name")}
              required
              maxLength={100}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <TextInput
              label={t("colleagues.email")}
              type="email"
              required
              maxLength={255}
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <Select
              label={t("colleagues.role")}
              allowDeselect={false}
              value={role}
              onChange={(value) => setRole(ROLES.find((one) => one === value) ?? "agent")}
              data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
            />
            <Button type="submit" loading={isBusy}>
              {t("colleagues.inviteDo")}
            </Button>
          </Group>
          {problem && <Failed problem={problem} />}
          {link && <ShownOnce words={t("colleagues.link", { name: link.name })} secret={link.url} />}
        </Stack>
      </form>
    </Card>
  );
}
