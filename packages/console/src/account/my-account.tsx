import { SimpleGrid, Stack } from "@mantine/core";
import type { Account } from "@rapport/contract/api";

import { useLanguage } from "../language/use-language.tsx";
import { Room } from "../ui/room.tsx";
import { Failed, Loading } from "../ui/states.tsx";
import { AppCard } from "./app-card.tsx";
import { ChangePassword } from "./change-password.tsx";
import { CodesCard } from "./codes-card.tsx";
import { OwnSessions } from "./own-sessions.tsx";
import { PasskeysCard } from "./passkeys-card.tsx";
import { useAccount } from "./use-account.ts";

/** What one sees and changes of the own account. */
export function MyAccount() {
  const { t } = useLanguage();
  const shown = useAccount();
  return (
    <Room title={t("room.account")} lead={t("account.lead")}>
      {shown.state === "loading" && <Loading />}
      {shown.state === "failed" && <Failed problem={shown.problem} retry={shown.retry} />}
      {shown.state === "ready" && <Cards account={shown.account} />}
    </Room>
  );
}

function Cards({ account: { hasTotp, passkeys, passkeysPossible, recoveryCodesLeft } }: { account: Account }) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
      <Stack gap="md">
        <AppCard hasTotp={hasTotp} />
        <PasskeysCard passkeys={passkeys} possible={passkeysPossible} />
        {(hasTotp || passkeys.length > 0) && <CodesCard left={recoveryCodesLeft} />}
      </Stack>
      <Stack gap="md">
        <OwnSessions />
        <ChangePassword />
      </Stack>
    </SimpleGrid>
  );
}
