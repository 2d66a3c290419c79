import { Button, Group, Modal, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import type { Customer, SendMessage } from "@rapport/contract/api";
import { type FormEvent, useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Failed } from "../ui/states.tsx";
import { SmsSize } from "./sms-size.tsx";
import { useWrite } from "./use-write.ts";

const PURPOSES = ["service", "marketing", "survey"] as const satisfies SendMessage["purpose"][];

/** A message to this customer: written, looked over, and only then sent. */
export function WriteMessage({
  customer,
  opened,
  onClose,
}: {
  customer: Customer;
  opened: boolean;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const addresses = { email: customer.email, sms: customer.phone };
  const ways = (["email", "sms"] as const).filter((channel) => addresses[channel]);
  const [channel, setChannel] = useState<SendMessage["channel"]>(ways[0] ?? "email");
  const [purpose, setPurpose] = useState<SendMessage["purpose"]>("service");
  const [subject, setSubject] = useState("");
  const [text, setText] = useState("");
  const [isReviewing, setReviewing] = useState(false);
  const { send, isBusy, isSent, problem, reset } = useWrite(customer.customerId);
  const close = () => {
    if (isSent) {
      setText("");
      setSubject("");
    }
    setReviewing(false);
    reset();
    onClose();
  };
  const review = (event: FormEvent) => {
    event.preventDefault();
    setReviewing(true);
  };
  const message = {
    customerId: customer.customerId,
    channel,
    purpose,
    text,
    ...(channel === "email" && subject ? { subject } : {}),
  };
  const title = t("message.title", { name: customer.name ?? t("customer.unnamed") });
  const way = t(`channel.${channel}`);
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={title}
      centered
      size="lg"
      closeButtonProps={{ "aria-label": t("do.close") }}
    >
      {ways.length === 0 && <Text>{t("message.noAddress")}</Text>}
      {ways.length > 0 && isSent && (
        <Stack>
          <Text role="status">{t("message.sent")}</Text>
          <Button onClick={close}>{t("do.close")}</Button>
        </Stack>
      )}
      {ways.length > 0 && !isSent && isReviewing && (
        <Stack>
          <Text fw={600}>{t("message.ask", { channel: way, address: addresses[channel] ?? "" })}</Text>
          {message.subject && <Text fw={550}>{message.subject}</Text>}
          <Text className="words card" size="sm">
            {text}
          </Text>
          {channel === "sms" && <SmsSize text={text} />}
          <Text size="xs" className="quiet">
            {t("message.rules")}
          </Text>
          {problem && <Failed problem={problem} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setReviewing(false)}>
              {t("message.edit")}
            </Button>
            <Button loading={isBusy} onClick={() => send(message)} data-autofocus>
              {t("message.send")}
            </Button>
          </Group>
        </Stack>
      )}
      {ways.length > 0 && !isSent && !isReviewing && (
        <form onSubmit={review}>
          <Stack>
            <Group grow align="flex-end">
              <SegmentedControl
                aria-label={t("message.channel")}
                value={channel}
                onChange={setChannel}
                data={ways.map((value) => ({ value, label: t(`channel.${value}`) }))}
              />
              <Select
                label={t("message.purpose")}
                allowDeselect={false}
                value={purpose}
                onChange={(value) => setPurpose(PURPOSES.find((one) => one === value) ?? "service")}
                data={PURPOSES.map((value) => ({ value, label: t(`purpose.${value}`) }))}
              />
            </Group>
            {channel === "email" && (
              <TextInput
                label={t("message.subject")}
                required
                maxLength={200}
                value={subject}
                onChange={(event) => setSubject(event.currentTarget.value)}
              />
            )}
            <Textarea
              label={t("message.text")}
              required
              autosize
              minRows={5}
              maxLength={5_000}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            {channel === "sms" && text !== "" && <SmsSize text={text} />}
            <Group justify="flex-end">
              <Button type="submit">{t("message.review")}</Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
