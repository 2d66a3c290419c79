import { Box, Group, Select, Text } from "@mantine/core";
import type { Role, Staff } from "@rapport/contract/api";

import { useSession } from "../hub/use-session.ts";
import { useLanguage } from "../language/use-language.tsx";
import { More } from "../ui/more.tsx";
import { Room } from "../ui/room.tsx";
import { Failed, Loading } from "../ui/states.tsx";
import { Invite } from "./invite.tsx";
import { useChangeRole, useColleagues } from "./use-colleagues.ts";

export const ROLES = ["admin", "manager", "agent", "viewer"] as const satisfies Role[];

/** Who may sign in, and what each may do. */
export function Colleagues() {
  const { t } = useLanguage();
  const { may } = useSession();
  const shown = useColleagues();
  return (
    <Room title={t("room.colleagues")} lead={t("colleagues.lead")}>
      {may("admin") && <Invite roles={ROLES} />}
      {shown.state === "loading" && <Loading />}
      {shown.state === "failed" && <Failed problem={shown.problem} retry={shown.retry} />}
      {shown.state === "ready" && (
        <>
          <StaffList staff={shown.pages.flatMap((page) => page.staff)} />
          {shown.more && <More more={shown.more} isFetchingMore={shown.isFetchingMore} />}
        </>
      )}
    </Room>
  );
}

function StaffList({ staff }: { staff: Staff[] }) {
  const { t } = useLanguage();
  const { session, may } = useSession();
  const { does, isBusy, problem } = useChangeRole();
  return (
    <Box className="card" py="xs">
      {problem && <Failed problem={problem} />}
      {staff.map(({ staffId, name, email, role }) => {
        const isMe = staffId === session?.staff.staffId;
        return (
          <Group key={staffId} justify="space-between" py="xs">
            <Box miw={0}>
              <Text fw={550} className="name">
                {name}{" "}
                {isMe && (
                  <Text span size="xs" className="quiet">
                    {t("colleagues.you")}
                  </Text>
                )}
              </Text>
              <Text size="sm" className="quiet name">
                {email}
              </Text>
            </Box>
            {may("admin") && !isMe ? (
              <Select
                w={170}
                aria-label={t("colleagues.role.of", { name })}
                allowDeselect={false}
                disabled={isBusy}
                value={role}
                onChange={(value) => {
                  const chosen = ROLES.find((one) => one === value);
                  if (chosen && chosen !== role) does({ staffId, role: chosen });
                }}
                data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
              />
            ) : (
              <Text size="sm">{t(`role.${role}`)}</Text>
            )}
          </Group>
        );
      })}
    </Box>
  );
}
