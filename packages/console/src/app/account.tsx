import { Avatar, Menu, Text, UnstyledButton } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import { useSession } from "../hub/use-session.ts";
import { useLanguage } from "../language/use-language.tsx";
import { Icon } from "../ui/icon.tsx";

/** Who is signed in, the way to the own account, and the way out. */
export function Account() {
  const { t } = useLanguage();
  const { session, signOut } = useSession();
  if (!session) return null;
  const { name, email, role } = session.staff;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <UnstyledButton
          aria-label={t("app.account", { name, role: t(`role.${role}`) })}
          style={{ borderRadius: "50%" }}
        >
          <Avatar size={32} color="pine" variant="filled" name={name} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)">
            {name}
          </Text>
          {email}
          <br />
          {t(`role.${role}`)}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item component={Link} to="/account" leftSection={<Icon name="identify" size={16} />}>
          {t("room.account")}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="leave" size={16} />} onClick={() => void signOut()}>
          {t("app.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
