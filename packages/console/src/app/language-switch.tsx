import { Button, Menu } from "@mantine/core";

import { isLanguage, LANGUAGES } from "../language/languages.ts";
import { useLanguage } from "../language/use-language.tsx";
import { Icon } from "../ui/icon.tsx";

/** Each language by its own name, so that it is found by those who need it. */
export function LanguageSwitch() {
  const { t, language, speak } = useLanguage();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          c="inherit"
          px="xs"
          leftSection={<Icon name="language" />}
          aria-label={`${t("app.language")}: ${LANGUAGES[language].name}`}
        >
          {language.toUpperCase()}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(LANGUAGES).map(([tag, { name, locale }]) => (
          <Menu.Item
            key={tag}
            lang={locale}
            fw={tag === language ? 650 : 400}
            onClick={() => {
              if (isLanguage(tag)) speak(tag);
            }}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
