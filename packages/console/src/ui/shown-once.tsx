import { Alert, Button, Code, CopyButton, Group, Stack, Text } from "@mantine/core";

import { useLanguage } from "../language/use-language.tsx";
import { Icon } from "./icon.tsx";

/** A secret that cannot be seen again: to be copied now. */
export function ShownOnce({ words, secret }: { words: string; secret: string }) {
  const { t } = useLanguage();
  return (
    <Alert color="amber" variant="light" role="status" icon={<Icon name="key" />}>
      <Stack gap="xs">
        <Text size="sm" fw={600}>
          {words}
        </Text>
        <Group gap="xs" wrap="wrap">
          <Code fz="sm" style={{ overflowWrap: "anywhere" }}>
            {secret}
          </Code>
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button size="compact-sm" onClick={copy} variant={copied ? "light" : "filled"}>
                {t(copied ? "do.copied" : "do.copy")}
              </Button>
            )}
          </CopyButton>
        </Group>
      </Stack>
    </Alert>
  );
}
