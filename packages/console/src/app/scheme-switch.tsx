import { ActionIcon, type MantineColorScheme, Menu, useMantineColorScheme } from "@mantine/core";

import { useLanguage } from "../language/use-language.tsx";
import { Icon, type IconName } from "../ui/icon.tsx";

const ICONS: Record<MantineColorScheme, IconName> = { auto: "auto", light: "sun", dark: "moon" };

/** Light, dark, or as the system has it. */
export function SchemeSwitch() {
  const { t } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="inherit"
          size="lg"
          aria-label={`${t("app.scheme")}: ${t(`app.scheme.${colorScheme}`)}`}
        >
          <Icon name={ICONS[colorScheme]} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(["auto", "light", "dark"] as const).map((scheme) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon name={ICONS[scheme]} size={16} />}
            fw={scheme === colorScheme ? 650 : 400}
            onClick={() => setColorScheme(scheme)}
          >
            {t(`app.scheme.${scheme}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
