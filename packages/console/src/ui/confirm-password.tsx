import { Button, Group, Modal, PasswordInput, Stack, Text } from "@mantine/core";
import type { Problem } from "@rapport/contract/api";
import { type FormEvent, useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Failed } from "./states.tsx";

type Asked = {
  opened: boolean;
  isBusy: boolean;
  problem: Problem | null;
  onGive: (password: string) => void;
  onClose: () => void;
};

/** Asks for the password once more, before something that nobody else at this screen should do. */
export function ConfirmPassword({ opened, isBusy, problem, onGive, onClose }: Asked) {
  const { t } = useLanguage();
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The form may stand inside another one, as far as React's events go.
    event.stopPropagation();
    onGive(password);
    setPassword("");
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("account.confirm.title")}
      centered
      closeButtonProps={{ "aria-label": t("do.close") }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{t("account.confirm.explain")}</Text>
          <PasswordInput
            label={t("account.password.present")}
            autoComplete="current-password"
            required
            data-autofocus
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {problem && <Failed problem={problem} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("do.cancel")}
            </Button>
            <Button type="submit" loading={isBusy}>
              {t("account.confirm.do")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
