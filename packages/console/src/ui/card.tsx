import { Box, type BoxProps, Group, Text } from "@mantine/core";
import { type ReactNode, useId } from "react";

/** A titled part of a room. */
export function Card({
  title,
  help,
  beside,
  children,
  ...box
}: { title: string; help?: string; beside?: ReactNode; id?: string; children: ReactNode } & BoxProps) {
  const heading = useId();
  return (
    <Box component="section" className="card" aria-labelledby={heading} {...box}>
      <Group justify="space-between" mb={help ? 2 : "sm"} wrap="nowrap">
        <Text component="h2" id={heading} className="card-title">
          {title}
        </Text>
        {beside}
      </Group>
      {help && (
        <Text size="xs" className="quiet" mb="sm">
          {help}
        </Text>
      )}
      {children}
    </Box>
  );
}
