import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { Problem } from "@rapport/contract/api";
import type { ReactNode } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Failed } from "./states.tsx";

type Asked = {
  opened: boolean;
  question: string;
  explanation: string;
  deed: string;
  isBusy: boolean;
  problem: Problem | null;
  onDo: () => void;
  onClose: () => void;
  children?: ReactNode;
};

/** Asks before something that others feel, and says what will happen. */
export function Confirm({ opened, question, explanation, deed, isBusy, problem, onDo, onClose, children }: Asked) {
  const { t } = useLanguage();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={question}
      centered
      closeButtonProps={{ "aria-label": t("do.close") }}
    >
      <Stack>
        <Text size="sm">{explanation}</Text>
        {children}
        {problem && <Failed problem={problem} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("do.cancel")}
          </Button>
          <Button color="brick" loading={isBusy} onClick={onDo}>
            {deed}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
