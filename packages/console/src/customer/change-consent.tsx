import { Button, Group, Modal, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Failed } from "../ui/states.tsx";
import type { ConsentCell } from "./consent-cells.ts";
import { useChangeConsent } from "./use-customer.ts";

/** Changes one consent, with how the customer said so: that line is the proof later. */
export function ChangeConsent({
  customerId,
  cell,
  onClose,
}: {
  customerId: string;
  cell: ConsentCell | null;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const [status, setStatus] = useState<"granted" | "withdrawn">("granted");
  const [source, setSource] = useState("");
  const { does, isBusy, problem, reset } = useChangeConsent(customerId);
  useEffect(() => {
    setStatus(cell?.status === "granted" ? "withdrawn" : "granted");
    setSource("");
  }, [cell]);
  if (!cell) return null;
  const { purpose, channel } = cell;
  const close = () => {
    reset();
    onClose();
  };
  const title = t("consent.change", { purpose: t(`purpose.${purpose}`), channel: t(`channel.${channel}`) });
  return (
    <Modal opened onClose={close} title={title} centered closeButtonProps={{ "aria-label": t("do.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          does({ purpose, channel, status, source }, close);
        }}
      >
        <Stack>
          <Text size="sm">{t("consent.change.explain")}</Text>
          <SegmentedControl
            fullWidth
            value={status}
            onChange={setStatus}
            data={[
              { value: "granted", label: t("consent.grant") },
              { value: "withdrawn", label: t("consent.withdraw") },
            ]}
          />
          <TextInput
            label={t("consent.source")}
            placeholder={t("consent.source.example")}
            required
            maxLength={200}
            data-autofocus
            value={source}
            onChange={(event) => setSource(event.currentTarget.value)}
          />
          {problem && <Failed problem={problem} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t("do.cancel")}
            </Button>
            <Button type="submit" loading={isBusy}>
              {t(status === "granted" ? "consent.grant" : "consent.withdraw")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
