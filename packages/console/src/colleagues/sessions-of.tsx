import { Modal } from "@mantine/core";
import type { Colleague } from "@rapport/contract/api";

import { useLanguage } from "../language/use-language.tsx";
import { SessionList } from "../ui/session-list.tsx";
import { Empty, Failed, Loading } from "../ui/states.tsx";
import { useEndSessionOf, useSessionsOf } from "./use-colleagues.ts";

/** Where a colleague is signed in, and ending it there. */
export function SessionsOf({ colleague, onClose }: { colleague: Colleague; onClose: () => void }) {
  const { t } = useLanguage();
  const { staffId, name } = colleague;
  const shown = useSessionsOf(staffId);
  const { does, isBusy, problem } = useEndSessionOf(staffId);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("colleagues.sessions.of", { name })}
      centered
      closeButtonProps={{ "aria-label": t("do.close") }}
    >
      {shown.state === "loading" && <Loading rows={2} />}
      {shown.state === "failed" && <Failed problem={shown.problem} retry={shown.retry} />}
      {problem && <Failed problem={problem} />}
      {shown.state === "ready" &&
        (shown.sessions.length === 0 ? (
          <Empty title={t("colleagues.sessions.none")} help={t("colleagues.sessions.none.help")} />
        ) : (
          <SessionList sessions={shown.sessions} isBusy={isBusy} onEnd={does} />
        ))}
    </Modal>
  );
}
