import { Button, Group, Select, Stack, TextInput } from "@mantine/core";
import type { NewApiKey } from "@rapport/contract/api";
import { useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { Failed } from "../ui/states.tsx";
import { useCreateKey } from "./use-keys.ts";

const SCOPES = ["write", "read", "admin"] as const satisfies NewApiKey["scope"][];

/** Makes a key and shows it this once. */
export function NewKey() {
  const { t } = useLanguage();
  const [name, setName] = useState("");
  const [scope, setScope] = useState<NewApiKey["scope"]>("write");
  const [secret, setSecret] = useState<string | null>(null);
  const { does, isBusy, problem } = useCreateKey();
  return (
    <Card title={t("keys.new")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          does({ name, scope }, (answer) => {
            setSecret(answer.secret);
            setName("");
          });
        }}
      >
        <Stack>
          <Group align="flex-end">
            <TextInput
              label={t("keys.name")}
              placeholder={t("keys.name.hint")}
              required
              maxLength={100}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Select
              label={t("keys.scope")}
              allowDeselect={false}
              value={scope}
              onChange={(value) => setScope(SCOPES.find((one) => one === value) ?? "write")}
              data={SCOPES.map((value) => ({ value, label: t(`keys.scope.${value}`) }))}
            />
            <Button type="submit" loading={isBusy}>
              {t("keys.create")}
            </Button>
          </Group>
          {problem && <Failed problem={problem} />}
          {secret && <ShownOnce words={t("keys.shownOnce")} secret={secret} />}
        </Stack>
      </form>
    </Card>
  );
}
