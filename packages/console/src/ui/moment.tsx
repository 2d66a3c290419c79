import { useLanguage } from "../language/use-language.tsx";

/** A moment in words as seen from `now` (by default: from when it was drawn), with the exact one on hovering. */
export function Moment({ at, now = Date.now() }: { at: number; now?: number }) {
  const { format } = useLanguage();
  return (
    <time dateTime={new Date(at).toISOString()} title={format.moment(at)} style={{ whiteSpace: "nowrap" }}>
      {format.ago(at, now)}
    </time>
  );
}
