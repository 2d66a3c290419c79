import { Alert, Box, Button, List, Skeleton, Stack, Text, VisuallyHidden } from "@mantine/core";
import type { Problem } from "@rapport/contract/api";
import type { ReactNode } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Icon } from "./icon.tsx";

/** Grey lines where the content will be. */
export function Loading({ rows = 6, height = 36 }: { rows?: number; height?: number }) {
  const { t } = useLanguage();
  return (
    <Box className="card" role="status" aria-busy="true">
      <VisuallyHidden>{t("state.loading")}</VisuallyHidden>
      <Stack gap="sm">
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines have no identity but their place
          <Skeleton key={row} height={height} radius="sm" width={`${100 - (row % 3) * 12}%`} />
        ))}
      </Stack>
    </Box>
  );
}

/** What failed, in the hub's words, and the way to try again. */
export function Failed({ problem, retry, title }: { problem: Problem; retry?: () => void; title?: string }) {
  const { t, say } = useLanguage();
  const heading = title ?? t(retry ? "failed.title" : "failed.deed");
  return (
    <Alert color="brick" variant="light" role="alert" icon={<Icon name="ill" />} title={heading}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{say(`problem.${problem.type}`) ?? problem.title}</Text>
        {problem.detail && <Text size="sm">{problem.detail}</Text>}
        {problem.errors && problem.errors.length > 0 && (
          <List size="sm">
            {problem.errors.map(({ field, message }) => (
              <List.Item key={`${field} ${message}`}>
                <b>{field}</b> {message}
              </List.Item>
            ))}
          </List>
        )}
        {retry && (
          <Button size="xs" variant="default" onClick={retry}>
            {t("do.retry")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** Nothing is here, and what to do about it. */
export function Empty({ title, help, children }: { title: string; help: string; children?: ReactNode }) {
  return (
    <Stack align="center" gap={4} py="xl" px="md">
      <Text fw={600}>{title}</Text>
      <Text size="sm" className="quiet" ta="center" maw={460}>
        {help}
      </Text>
      {children}
    </Stack>
  );
}
