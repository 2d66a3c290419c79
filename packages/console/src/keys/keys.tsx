import { Box, Button, Code, Group, Table, Text } from "@mantine/core";
import type { ApiKey } from "@rapport/contract/api";
import { useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Icon } from "../ui/icon.tsx";
import { More } from "../ui/more.tsx";
import { Room } from "../ui/room.tsx";
import { Empty, Failed, Loading } from "../ui/states.tsx";
import { ChangeSpeaker } from "./change-speaker.tsx";
import { kindOf } from "./key-kind.ts";
import { NewKey } from "./new-key.tsx";
import { useKeys, useRevokeKey } from "./use-keys.ts";
import { VisitorProof } from "./visitor-proof.tsx";

/** Keys for programs: made, shown once, revoked. */
export function Keys() {
  const { t } = useLanguage();
  const shown = useKeys();
  return (
    <Room title={t("room.keys")} lead={t("keys.lead")}>
      {shown.state === "loading" && <Loading />}
      {shown.state === "failed" && <Failed problem={shown.problem} retry={shown.retry} />}
      {shown.state === "ready" && (
        <>
          <NewKey />
          <KeyTable keys={shown.pages.flatMap((page) => page.keys)} />
          {shown.more && <More more={shown.more} isFetchingMore={shown.isFetchingMore} />}
          <VisitorProof />
        </>
      )}
    </Room>
  );
}

function KeyTable({ keys }: { keys: ApiKey[] }) {
  const { t } = useLanguage();
  const [asked, setAsked] = useState<ApiKey | null>(null);
  const { does, isBusy, problem, reset } = useRevokeKey();
  const close = () => {
    setAsked(null);
    reset();
  };
  if (keys.length === 0) return <Empty title={t("keys.none")} help={t("keys.none.help")} />;
  return (
    <Box className="card" py="xs">
      <Table.ScrollContainer minWidth={640}>
        <Table fz="sm">
          <Table.Thead>
            <Table.Tr>
              {(["name", "kind", "prefix", "created", "state"] as const).map((head) => (
                <Table.Th key={head}>{t(`keys.${head}`)}</Table.Th>
              ))}
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {keys.map((key) => (
              <KeyRow key={key.apiKeyId} apiKey={key} onRevoke={() => setAsked(key)} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Confirm
        opened={asked !== null}
        question={t("keys.revoke.ask", { name: asked?.name ?? "" })}
        explanation={t("keys.revoke.explain")}
        deed={t("keys.revoke")}
        isBusy={isBusy}
        problem={problem}
        onClose={close}
        onDo={() => {
          if (asked) does(asked.apiKeyId, close);
        }}
      />
    </Box>
  );
}

function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const { t, format } = useLanguage();
  const { name, prefix, createdAt, createdBy, revokedAt } = apiKey;
  return (
    <Table.Tr className={revokedAt ? "quiet" : ""}>
      <Table.Td fw={550} className="name">
        {name}
      </Table.Td>
      <Table.Td>{t(`keys.kind.${kindOf(apiKey)}`)}</Table.Td>
      <Table.Td>
        <Code>{prefix}…</Code>
      </Table.Td>
      <Table.Td>{t("keys.createdBy", { at: format.date(createdAt), by: createdBy })}</Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          <Icon name={revokedAt ? "unsaid" : "well"} size={14} />
          <Text span size="sm">
            {revokedAt ? t("keys.revoked", { at: format.date(revokedAt) }) : t("keys.inForce")}
          </Text>
        </Group>
      </Table.Td>
      <Table.Td ta="right">
        {!revokedAt && (
          <Group gap="xs" justify="flex-end" wrap="nowrap">
            {apiKey.origin && <ChangeSpeaker apiKey={apiKey} />}
            <Button size="compact-sm" variant="default" onClick={onRevoke}>
              {t("keys.revoke")}
            </Button>
          </Group>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
