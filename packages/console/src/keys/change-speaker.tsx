import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ApiKey } from "@rapport/contract/api";

import { useLanguage } from "../language/use-language.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { useChangeKey } from "./use-keys.ts";

/** Has a write key speak for a server, or for browsers, from now on: asked first, since it changes what is believed. */
export function ChangeSpeaker({ apiKey: { apiKeyId, name, origin } }: { apiKey: ApiKey }) {
  const { t } = useLanguage();
  const [isAsked, { open, close }] = useDisclosure(false);
  const { does, isBusy, problem, reset } = useChangeKey();
  const other = origin === "server" ? "browser" : "server";
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={open}>
        {t(`keys.to.${other}`)}
      </Button>
      <Confirm
        opened={isAsked}
        question={t(`keys.to.${other}.ask`, { name })}
        explanation={t(`keys.to.${other}.explain`)}
        deed={t(`keys.to.${other}`)}
        isBusy={isBusy}
        problem={problem}
        onClose={() => {
          close();
          reset();
        }}
        onDo={() => does({ apiKeyId, origin: other }, close)}
      />
    </>
  );
}
