import { ActionIcon, Badge, Box, Group, Menu, Select, Text } from "@mantine/core";
import type { Colleague } from "@rapport/contract/api";

import { useSession } from "../hub/use-session.ts";
import { useLanguage } from "../language/use-language.tsx";
import { Icon } from "../ui/icon.tsx";
import { Moment } from "../ui/moment.tsx";
import { Failed } from "../ui/states.tsx";
import type { Asked } from "./ask-first.tsx";
import { ROLES } from "./roles.ts";
import { useChangeRole } from "./use-colleagues.ts";

const COLOURS = { active: "pine", invited: "amber", blocked: "brick" } as const;

type Given = {
  colleague: Colleague;
  onAsk: (doing: Asked["doing"]) => void;
  onUnblock: () => void;
  onWatch: () => void;
};

/** One colleague: who, how it stands, the role, and what can be done. */
export function ColleagueRow({ colleague, onAsk, onUnblock, onWatch }: Given) {
  const { t } = useLanguage();
  const { session, may } = useSession();
  const { staffId, name, email, role, state, lastSeenAt, hasSecondFactor } = colleague;
  const change = useChangeRole();
  const isMe = staffId === session?.staff.staffId;
  return (
    <Box component="li" py="xs" data-colleague>
      <Group justify="space-between" gap="sm">
        <Box miw={0} style={{ flex: "1 1 18rem" }}>
          <Group gap="xs">
            <Text fw={550} className="name">
              {name}
            </Text>
            {isMe && (
              <Text span size="xs" className="quiet">
                {t("colleagues.you")}
              </Text>
            )}
            <Badge size="sm" variant="light" color={COLOURS[state]}>
              {t(`colleagues.state.${state}`)}
            </Badge>
          </Group>
          <Text size="sm" className="quiet name">
            {email}
          </Text>
        </Box>
        <Box style={{ flex: "0 0 190px" }}>
          <Group gap={6} wrap="nowrap">
            <Icon name={hasSecondFactor ? "consent" : "unsaid"} size={14} />
            <Text size="sm">{t(hasSecondFactor ? "colleagues.factor.on" : "colleagues.factor.off")}</Text>
          </Group>
          <Text size="xs" className="quiet">
            {lastSeenAt === null ? (
              t("colleagues.neverSeen")
            ) : (
              <>
                {t("colleagues.seen", { at: "" })} <Moment at={lastSeenAt} />
              </>
            )}
          </Text>
        </Box>
        {may("admin") && !isMe && state !== "blocked" ? (
          <Select
            style={{ flex: "0 0 160px" }}
            aria-label={t("colleagues.role.of", { name })}
            allowDeselect={false}
            disabled={change.isBusy}
            value={role}
            onChange={(value) => {
              const chosen = ROLES.find((one) => one === value);
              if (chosen && chosen !== role) change.does({ staffId, role: chosen });
            }}
            data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
          />
        ) : (
          <Text size="sm" px="sm" style={{ flex: "0 0 160px" }}>
            {t(`role.${role}`)}
          </Text>
        )}
        {may("admin") && isMe && <Box style={{ flex: "0 0 34px" }} />}
        {may("admin") && !isMe && (
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon variant="default" size="lg" aria-label={t("colleagues.deeds", { name })}>
                <Icon name="dots" />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {state === "blocked" && <Menu.Item onClick={onUnblock}>{t("colleagues.unblock")}</Menu.Item>}
              {state !== "blocked" && (
                <>
                  <Menu.Item onClick={onWatch}>{t("colleagues.sessions")}</Menu.Item>
                  <Menu.Item onClick={() => onAsk("again")}>{t("colleagues.again")}</Menu.Item>
                  <Menu.Item onClick={() => onAsk("signOut")}>{t("colleagues.signOut")}</Menu.Item>
                </>
              )}
              {hasSecondFactor && <Menu.Item onClick={() => onAsk("reset")}>{t("colleagues.reset")}</Menu.Item>}
              {state !== "blocked" && (
                <>
                  <Menu.Divider />
                  <Menu.Item color="brick" onClick={() => onAsk("block")}>
                    {t("colleagues.block")}
                  </Menu.Item>
                </>
              )}
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
      {change.problem && <Failed problem={change.problem} />}
    </Box>
  );
}
