import { Box, Group, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";

/** A room: its heading, what can be done in it, and its content. The window is titled after it. */
export function Room({
  title,
  lead,
  deeds,
  children,
}: {
  title: string;
  lead?: ReactNode;
  deeds?: ReactNode;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Rapport`;
  }, [title]);
  return (
    <Stack gap="md" maw={1320} mx="auto">
      <Group justify="space-between" align="flex-end" gap="sm">
        <Box miw={0} style={{ flex: "1 1 18rem" }}>
          <Title order={1} fz={{ base: "1.4rem", sm: "1.6rem" }} className="name">
            {title}
          </Title>
          {lead && (
            <Text component="div" size="sm" className="quiet" mt={2}>
              {lead}
            </Text>
          )}
        </Box>
        {deeds}
      </Group>
      {children}
    </Stack>
  );
}
