import { Box, Center, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";

import { useLanguage } from "../language/use-language.tsx";

/** The card on which people come in. */
export function Entrance({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const { t } = useLanguage();
  useEffect(() => {
    document.title = `${title} · Rapport`;
  }, [title]);
  return (
    <Center mih="100vh" p="md" bg="var(--nav-ground)" component="main">
      <Paper maw={420} w="100%" p="xl" radius="lg" shadow="lg">
        <Stack gap="lg">
          <Group gap="sm" wrap="nowrap">
            <img src="/icon.svg" alt="" width={40} height={40} />
            <Box>
              <Text fw={650} lh={1.2}>
                Rapport
              </Text>
              <Text size="xs" className="quiet">
                {t("signIn.lead")}
              </Text>
            </Box>
          </Group>
          <Box>
            <Title order={1} fz="1.4rem">
              {title}
            </Title>
            {lead && (
              <Text size="sm" className="quiet" mt={4}>
                {lead}
              </Text>
            )}
          </Box>
          {children}
        </Stack>
      </Paper>
    </Center>
  );
}
