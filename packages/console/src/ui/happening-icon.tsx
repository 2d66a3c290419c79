import { Icon, type IconName, isIcon } from "./icon.tsx";

const BY_KIND: Partial<Record<string, IconName>> = {
  identify: "identify",
  page: "web",
  screen: "mobile",
  consent: "consent",
  reply: "reply",
  decision: "decisions",
  track: "deed",
  alias: "merge",
  staff: "colleagues",
};

/** A channel's picture. */
export function ChannelIcon({ channel, size = 16 }: { channel: string; size?: number }) {
  return <Icon size={size} name={channel === "email" ? "letter" : isIcon(channel) ? channel : "deed"} />;
}

/** The picture of what happened: of its kind, and for a message of the channel it went by. */
export function HappeningIcon({ kind, channel, size = 16 }: { kind: string; channel: string; size?: number }) {
  if (kind === "message") return <ChannelIcon channel={channel} size={size} />;
  return <Icon size={size} name={BY_KIND[kind] ?? "deed"} />;
}
