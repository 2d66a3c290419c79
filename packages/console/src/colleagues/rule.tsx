import { Switch } from "@mantine/core";
import { useState } from "react";

import { useLanguage } from "../language/use-language.tsx";
import { Card } from "../ui/card.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { Failed } from "../ui/states.tsx";
import { useRule } from "./use-colleagues.ts";

/** Whether everybody must have a second factor. Requiring it asks first: it stops people at work. */
export function Rule({ isRequired }: { isRequired: boolean }) {
  const { t } = useLanguage();
  const [isAsked, setAsked] = useState(false);
  const { does, isBusy, problem, reset } = useRule();
  const close = () => {
    setAsked(false);
    reset();
  };
  return (
    <Card title={t("colleagues.factor")} style={{ flex: "1 1 16rem" }}>
      <Switch
        label={t("colleagues.rule")}
        description={t("colleagues.rule.help")}
        checked={isRequired}
        disabled={isBusy}
        onChange={(event) => (event.currentTarget.checked ? setAsked(true) : does(false))}
      />
      {problem && !isAsked && <Failed problem={problem} />}
      <Confirm
        opened={isAsked}
        question={t("colleagues.rule.ask")}
        explanation={t("colleagues.rule.explain")}
        deed={t("colleagues.rule.do")}
        isBusy={isBusy}
        problem={problem}
        onClose={close}
        onDo={() => does(true, close)}
      />
    </Card>
  );
}
