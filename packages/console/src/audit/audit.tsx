import { Box, Code, Table } from "@mantine/core";
import type { AuditList } from "@rapport/contract/api";

import { useLanguage } from "../language/use-language.tsx";
import { More } from "../ui/more.tsx";
import { Room } from "../ui/room.tsx";
import { Empty, Failed, Loading } from "../ui/states.tsx";
import { useAudit } from "./use-audit.ts";

/** Who did what. Only read: the log cannot be changed from anywhere. */
export function Audit() {
  const { t } = useLanguage();
  const shown = useAudit();
  return (
    <Room title={t("room.audit")} lead={t("audit.lead")}>
      {shown.state === "loading" && <Loading />}
      {shown.state === "failed" && <Failed problem={shown.problem} retry={shown.retry} />}
      {shown.state === "ready" && (
        <Box className="card" py="xs">
          <Entries entries={shown.pages.flatMap((page) => page.entries)} />
          <More more={shown.more} isFetchingMore={shown.isFetchingMore} />
        </Box>
      )}
    </Room>
  );
}

function Entries({ entries }: { entries: AuditList["entries"] }) {
  const { t, say, format } = useLanguage();
  if (entries.length === 0) return <Empty title={t("audit.none")} help={t("audit.none.help")} />;
  return (
    <Table.ScrollContainer minWidth={680}>
      <Table fz="sm">
        <Table.Thead>
          <Table.Tr>
            {(["when", "who", "what", "subject"] as const).map((head) => (
              <Table.Th key={head}>{t(`audit.${head}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map(({ position, at, actor, action, subject, detail }) => (
            <Table.Tr key={position}>
              <Table.Td className="quiet" style={{ whiteSpace: "nowrap" }}>
                {format.moment(at)}
              </Table.Td>
              <Table.Td className="name">{actor}</Table.Td>
              <Table.Td fw={550}>{say(`audit.${action}`) ?? action}</Table.Td>
              <Table.Td className="quiet name">
                {subject} {isTelling(detail) && <Code>{JSON.stringify(detail)}</Code>}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const isTelling = (detail: unknown): boolean =>
  typeof detail === "object" && detail !== null && Object.keys(detail).length > 0;
