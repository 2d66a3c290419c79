import { Alert, Group, SimpleGrid, Stack, Text } from "@mantine/core";

import { useLanguage } from "../language/use-language.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon } from "../ui/icon.tsx";

/** Recovery codes, shown this once. */
export function ShownCodes({ codes }: { codes: readonly string[] }) {
  const { t } = useLanguage();
  return (
    <Alert color="amber" variant="light" role="status" icon={<Icon name="key" />}>
      <Stack gap="xs">
        <Text size="sm" fw={600}>
          {t("account.codes.shown")}
        </Text>
        <SimpleGrid cols={2} spacing={4} maw={320} data-codes>
          {codes.map((code) => (
            <Text key={code} ff="monospace" size="sm">
              {code}
            </Text>
          ))}
        </SimpleGrid>
        <Group>
          <CopyButton value={codes.join("\n")} />
        </Group>
      </Stack>
    </Alert>
  );
}
