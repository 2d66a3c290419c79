import { Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { Failed } from "../ui/states.tsx";
import { type KeyKind, rightsOf } from "./key-kind.ts";
import { useCreateKey } from "./use-keys.ts";

const KINDS = ["browser", "server", "read", "admin"] as const satisfies KeyKind[];

/** Makes a key and shows it this once. */
export function NewKey() {
  const { t } = useLanguage();
  const [name, setName] = useState("");
  const [kind, setKind] = useState<KeyKind>("browser");
  const [secret, setSecret] = useState<string | null>(null);
  const { does, isBusy, problem } = useCreateKey();
  return (
    <Card title={t("keys.new")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          does({ name, ...rightsOf(kind) }, (answer) => {
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
              label={t("keys.kind")}
              w={280}
              allowDeselect={false}
              value={kind}
              onChange={(value) => setKind(KINDS.find((one) => one === value) ?? "browser")}
              data={KINDS.map((value) => ({ value, label: t(`keys.kind.${value}`) }))}
            />
            <Button type="submit" loading={isBusy}>
              {t("keys.create")}
            </Button>
          </Group>
          <Text size="sm" className="quiet">
            {t(`keys.kind.${kind}.explain`)}
          </Text>
          {problem && <Failed problem={problem} />}
          {secret && <ShownOnce words={t("keys.shownOnce")} secret={secret} />}
        </Stack>
      </form>
    </Card>
  );
}
