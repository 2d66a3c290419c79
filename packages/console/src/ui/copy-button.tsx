import { Button, CopyButton as Copying } from "@mantine/core";

import { useLanguage } from "../language/use-language.tsx";

/** Copies a text, and says that it has. */
export function CopyButton({ value, isQuiet = false }: { value: string; isQuiet?: boolean }) {
  const { t } = useLanguage();
  const look = isQuiet ? "default" : "filled";
  return (
    <Copying value={value}>
      {({ copied, copy }) => (
        <Button size="compact-sm" onClick={copy} variant={copied ? "light" : look}>
          {t(copied ? "do.copied" : "do.copy")}
        </Button>
      )}
    </Copying>
  );
}
