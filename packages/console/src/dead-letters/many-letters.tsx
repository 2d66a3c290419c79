import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";

import { useSession } from "../hub/use-session.ts";
import { useLanguage } from "../language/use-language.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { type LetterFilters, type ManyDeed, useManyLetters } from "./use-dead-letters.ts";

/** The hub counts no further. */
const MOST_COUNTED = 10_000;

type Found = { filters: LetterFilters; newest: number; matching: number; returnable: number };

/** How many letters there are, and what is done with all of them at once: asked first, with the number. */
export function ManyLetters({ filters, newest, matching, returnable }: Found) {
  const { t } = useLanguage();
  const { may } = useSession();
  const [deed, setDeed] = useState<ManyDeed | null>(null);
  const { does, isBusy, problem, reset } = useManyLetters(filters);
  const close = () => {
    setDeed(null);
    reset();
  };
  const told = (count: number) =>
    t(count >= MOST_COUNTED ? "deadLetters.matching.most" : "deadLetters.matching", { count });
  const shown = deed ?? "resolve";
  return (
    <Group justify="space-between">
      <Text size="sm" className="quiet" role="status">
        {told(matching)}
      </Text>
      {may("manager") && (
        <Group gap="xs">
          <Button size="xs" variant="light" disabled={returnable === 0} onClick={() => setDeed("return")}>
            {t("deadLetters.returnAll")}
          </Button>
          <Button size="xs" variant="default" onClick={() => setDeed("resolve")}>
            {t("deadLetters.resolveAll")}
          </Button>
        </Group>
      )}
      <Confirm
        opened={deed !== null}
        question={t(`deadLetters.${shown}All.ask`, { told: told(shown === "return" ? returnable : matching) })}
        explanation={t(`deadLetters.${shown}All.explain`)}
        deed={t(`deadLetters.${shown}All`)}
        isBusy={isBusy}
        problem={problem}
        onClose={close}
        onDo={() => does({ deed: shown, newest }, close)}
      />
    </Group>
  );
}
