import { Group } from "@mantine/core";

import { useSession } from "../hub/use-session.ts";
import { useLanguage } from "../language/use-language.tsx";
import { More } from "../ui/more.tsx";
import { Room } from "../ui/room.tsx";
import { Failed, Loading } from "../ui/states.tsx";
import { ColleagueList } from "./colleague-list.tsx";
import { Invite } from "./invite.tsx";
import { Rule } from "./rule.tsx";
import { useColleagues } from "./use-colleagues.ts";

/** Who may sign in, what each may do, and how each proves to be who it is. */
export function Colleagues() {
  const { t } = useLanguage();
  const { may } = useSession();
  const shown = useColleagues();
  return (
    <Room title={t("room.colleagues")} lead={t("colleagues.lead")}>
      {may("admin") && (
        <Group align="stretch" gap="md">
          <Invite />
          {shown.state === "ready" && <Rule isRequired={shown.pages[0]?.secondFactorRequired ?? false} />}
        </Group>
      )}
      {shown.state === "loading" && <Loading />}
      {shown.state === "failed" && <Failed problem={shown.problem} retry={shown.retry} />}
      {shown.state === "ready" && (
        <>
          <ColleagueList staff={shown.pages.flatMap((page) => page.staff)} />
          {shown.more && <More more={shown.more} isFetchingMore={shown.isFetchingMore} />}
        </>
      )}
    </Room>
  );
}
