import { Alert, Code, Group, Stack, Text } from "@mantine/core";

import { CopyButton } from "./copy-button.tsx";
import { Icon } from "./icon.tsx";

/** A secret that cannot be seen again: to be copied now. */
export function ShownOnce({ words, secret }: { words: string; secret: string }) {
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
          <CopyButton value={secret} />
        </Group>
      </Stack>
    </Alert>
  );
}
