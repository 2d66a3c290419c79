import { Anchor, Box } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { useLanguage } from "../language/use-language.tsx";
import { Room } from "../ui/room.tsx";
import { Empty } from "../ui/states.tsx";

/** An address that leads nowhere. */
export function NotFound() {
  const { t } = useLanguage();
  return (
    <Box p="xl">
      <Room title={t("room.notFound")}>
        <Empty title={t("room.notFound")} help={t("room.notFound.help")}>
          <Anchor component={Link} to="/pulse">
            {t("room.pulse")}
          </Anchor>
        </Empty>
      </Room>
    </Box>
  );
}
