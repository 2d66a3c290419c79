import type { Colleague, Problem } from "@rapport/contract/api";

import { useLanguage } from "../language/use-language.tsx";
import { Confirm } from "../ui/confirm.tsx";

export type Asked = { colleague: Colleague; doing: "block" | "signOut" | "reset" | "again" };

/** Asks before what hurts a colleague, and says what will happen. */
export function AskFirst({
  asked,
  isBusy,
  problem,
  onDo,
  onClose,
}: {
  asked: Asked | null;
  isBusy: boolean;
  problem: Problem | null;
  onDo: (asked: Asked) => void;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const doing = asked?.doing ?? "block";
  const given = { name: asked?.colleague.name ?? "" };
  const explanation = {
    block: () => t("colleagues.block.explain"),
    again: () => t("colleagues.again.explain"),
    signOut: () => t("colleagues.signOut.explain", given),
    reset: () => t("colleagues.reset.explain", given),
  }[doing];
  return (
    <Confirm
      opened={asked !== null}
      question={t(`colleagues.${doing}.ask`, given)}
      explanation={explanation()}
      deed={t(`colleagues.${doing}`)}
      isBusy={isBusy}
      problem={problem}
      onClose={onClose}
      onDo={() => {
        if (asked) onDo(asked);
      }}
    />
  );
}
