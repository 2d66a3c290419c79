import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";

import { passkeysKnown } from "../hub/passkeys.ts";
import { useLanguage } from "../language/use-language.tsx";
import { Failed } from "../ui/states.tsx";
import { useAddPasskey } from "./use-account.ts";

/** Has the browser make a passkey; says so where none can be made. */
export function AddPasskey({ possible, onDone }: { possible: boolean; onDone: (codes: readonly string[]) => void }) {
  const { t } = useLanguage();
  const [name, setName] = useState("");
  const { does, isBusy, problem, asking } = useAddPasskey();
  if (!possible || !passkeysKnown())
    return (
      <Text size="sm" className="quiet">
        {t("account.passkeys.impossible")}
      </Text>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    does(name, ({ codes }) => {
      setName("");
      onDone(codes);
    });
  };
  return (
    <Stack gap="sm">
      {asking}
      <form onSubmit={submit}>
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t("account.passkeys.name")}
            placeholder={t("account.passkeys.name.hint")}
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={isBusy}>
            {t("account.passkeys.add")}
          </Button>
        </Group>
      </form>
      {problem && <Failed problem={problem} />}
    </Stack>
  );
}
