import { Box, Group, Select } from "@mantine/core";

import { useLanguage } from "../language/use-language.tsx";
import { More } from "../ui/more.tsx";
import { Empty, Failed, Loading } from "../ui/states.tsx";
import { TimelineEntry } from "./timeline-entry.tsx";
import { runsOf } from "./timeline-runs.ts";
import { type TimelineFilter, useTimeline } from "./use-timeline.ts";

const KINDS = ["message", "reply", "decision", "track", "page", "screen", "consent", "identify", "staff"] as const;
const CHANNELS = ["email", "sms", "voice", "web", "mobile", "server", "console", "hub"] as const;

type Asked = { customerId: string; filter: TimelineFilter; onFilter: (filter: TimelineFilter) => void };

/** Everything that happened to this customer over all channels, newest first. The filters stand in the address. */
export function Timeline({ customerId, filter: { channel, kind }, onFilter }: Asked) {
  const { t } = useLanguage();
  const chosen = (name: "channel" | "kind", value: string | null) => {
    const next = { ...(channel ? { channel } : {}), ...(kind ? { kind } : {}) };
    onFilter(
      value ? { ...next, [name]: value } : Object.fromEntries(Object.entries(next).filter(([key]) => key !== name)),
    );
  };
  return (
    <Box>
      <Group gap="sm" mb="sm">
        <Select
          size="xs"
          clearable
          aria-label={t("timeline.kind")}
          placeholder={`${t("timeline.kind")}: ${t("timeline.all")}`}
          data={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
          value={kind ?? null}
          onChange={(value) => chosen("kind", value)}
        />
        <Select
          size="xs"
          clearable
          aria-label={t("timeline.channel")}
          placeholder={`${t("timeline.channel")}: ${t("timeline.all")}`}
          data={CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) }))}
          value={channel ?? null}
          onChange={(value) => chosen("channel", value)}
        />
      </Group>
      <Entries customerId={customerId} filter={{ ...(channel ? { channel } : {}), ...(kind ? { kind } : {}) }} />
    </Box>
  );
}

function Entries({ customerId, filter }: { customerId: string; filter: TimelineFilter }) {
  const { t, format } = useLanguage();
  const shown = useTimeline(customerId, filter);
  switch (shown.state) {
    case "loading":
      return <Loading rows={8} height={22} />;
    case "failed":
      return <Failed problem={shown.problem} retry={shown.retry} />;
    case "ready": {
      const events = shown.pages.flatMap((page) => page.events);
      const runs = runsOf(events, format.date);
      if (runs.length === 0) return <Empty title={t("timeline.none")} help={t("timeline.none.help")} />;
      return (
        <Box className="card" py="xs">
          {runs.map((run, index) => (
            <TimelineEntry
              key={run.event.id}
              run={run}
              after={runs[index - 1]?.event ?? null}
              customerId={customerId}
            />
          ))}
          <More more={shown.more} isFetchingMore={shown.isFetchingMore} />
        </Box>
      );
    }
  }
}
